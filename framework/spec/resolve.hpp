#pragma once

/// Tree → Value: what `${…}` stands for, once, and what each scalar means.

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <weir/value.hpp>

#include "spec/budget.hpp"
#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"
#include "spec/locate.hpp"
#include "spec/names.hpp"
#include "spec/template.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// What `${…}` can name besides parameters.
struct Surroundings {
  const std::map<std::string, std::string>& environment;  ///< `${env.NAME}`
  std::string directory;                                  ///< `${weir.dir}`
};

class Resolver {
 public:
  /// All of them must outlive it.
  Resolver(const Tree& tree, const Lines& lines, const Surroundings& surroundings,
           Diagnostics& diagnostics);

  /// Makes `${name}` stand for a value; what the value holds is not resolved again.
  void define(const std::string& name, Value value);

  /// From now on `${name}` of an unknown parameter is no error: there is one already about why
  /// nobody knows the parameters.
  void excuse_unknown_names() { excuses_unknown_names_ = true; }

  /// The value of a node of the tree. A value in which something could not be resolved is `faulty`.
  Value resolve(TreeIndex index);

  /// The parameters that are named anywhere in a node of the tree, in fallbacks too.
  std::vector<std::string> references(TreeIndex index) const;

 private:
  struct Known {
    Value value;
    Extent extent;
  };

  /// A text in the making, with what the author left open in it.
  struct Assembly {
    std::string text;
    std::vector<Value::Hole> holes;
    bool faulty = false;

    void add(std::string_view more, const std::vector<Value::Hole>& more_holes);
  };

  /// What a name stands for: a parameter, a text, or neither.
  struct Meaning {
    const Known* parameter = nullptr;
    const std::string* text = nullptr;
    bool is_retyped = true;   ///< a text that is read as a scalar where it stands unquoted
    bool is_excused = false;  ///< there has been an error about it

    bool is_null() const;
  };

  Value resolve(TreeIndex index, std::size_t depth);
  Value resolve_scalar(LocatedScalar scalar, std::size_t depth);
  Value resolve_pieces(LocatedScalar& scalar, const std::vector<Piece>& pieces, std::size_t depth);
  Value copy_of(const Known& known, LocatedScalar& scalar, const Piece& piece, std::size_t depth);
  void assemble(LocatedScalar& scalar, const std::vector<Piece>& pieces, Assembly& assembly);
  void assemble(LocatedScalar& scalar, const Piece& reference, Assembly& assembly);
  Value finish(LocatedScalar& scalar, Assembly assembly, bool is_retyped);

  Meaning look_up(const Piece& reference) const;
  void warn_if_undeclared(LocatedScalar& scalar, const Piece& reference, const Meaning& meaning);
  void report_unknown(LocatedScalar& scalar, const Piece& reference, const Meaning& meaning);
  std::string unknown_message(std::string_view name);
  void report(LocatedScalar& scalar, std::size_t begin, std::size_t end, std::string message);

  const Tree& tree_;
  const Lines& lines_;
  const Surroundings& surroundings_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, Known> known_;
  std::vector<std::string> names_;  ///< of `known_`, in order
  Budget budget_;
  Suggestions suggest_;
  bool excuses_unknown_names_ = false;
};

}  // namespace weir::spec
