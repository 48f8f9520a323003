#pragma once

/// Errors and warnings about a file: gathered as values, all reported at once.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/value.hpp>

namespace weir::spec {

struct Diagnostic {
  enum class Severity { error, warning };

  Severity severity = Severity::error;
  Place place;              ///< line 0: about the file as a whole
  bool of_options = false;  ///< about the command line, and not the file
  std::string message;      ///< one line, no full stop: what is wrong and what to do

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// A file's name and text, kept to show the lines that diagnostics are about.
struct SourceText {
  std::string name;  ///< as the user gave it
  std::string text;
};

class Diagnostics {
 public:
  void error(Place place, std::string message);
  /// About the command line.
  void option_error(std::string message);
  void warning(Place place, std::string message);

  /// What every error at that place, from now on, ends with: why the value is what it is.
  void remark(Place place, std::string text);
  void copy_remark(Place from, Place to);

  /// A value that nobody should read in what is rendered.
  void hide(std::string value) { hidden_.push_back(std::move(value)); }
  const std::vector<std::string>& hidden() const { return hidden_; }

  bool has_errors() const;
  const std::vector<Diagnostic>& all() const { return all_; }

  /// Gives a text in which "…" stands where something may have been left out without what is
  /// hidden.
  using Mask = std::function<std::string(std::string_view)>;

  /// All of them in the order of their places, without repeats, each as
  ///
  ///     FILE:LINE:COLUMN: error: MESSAGE
  ///       LINE | text of the line
  ///            |     ^~~~
  ///
  /// A long line is cut around the caret; tabs count as one column and are shown as one space;
  /// bytes that could upset a terminal are shown escaped. With a `mask` messages are what it makes
  /// of them, and a line in which it would change anything is left out.
  std::string render(const SourceText& source, const Mask& mask = {}) const;

 private:
  using At = std::pair<std::uint32_t, std::uint32_t>;  ///< line and column

  std::vector<Diagnostic> all_;
  std::map<At, std::string> remarks_;
  std::vector<std::string> hidden_;
};

/// The candidate nearest to `name`, or "" if none is near enough to be a likely misspelling
/// (Damerau-Levenshtein distance at most a third of the length, at least 1; letter case counts
/// half, and something of the name must be left: 'b' is not near to 'a').
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?" for the nearest candidate, or "".
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace weir::spec
