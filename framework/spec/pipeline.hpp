#pragma once

/// What a pipeline file declares, as plain structs: the outcome of reading it, before any node type
/// is known.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <weir/value.hpp>

#include "spec/diagnostic.hpp"

namespace weir::spec {

enum class Kind : std::uint8_t { source, function, queue, sink };
std::string_view to_string(Kind kind);

/// `build` or `build.failed`, in a `from`.
struct Reference {
  std::string node;
  std::string port = "out";
  Place place;       ///< of the whole reference
  Place port_place;  ///< of the part behind the dot; equal to `place` where there is none
};

/// `limit:` of a node.
struct Limit {
  std::optional<std::int64_t> count;  ///< nullopt: unlimited
  Place place;
};

/// `max_in_flight:` of a source.
struct InFlight {
  std::optional<std::int64_t> items;
  std::optional<std::uint64_t> bytes;
};

/// One entry of `nodes:`.
struct NodeDeclaration {
  std::string name;
  Place place;  ///< of the key
  Kind kind = Kind::function;
  std::string type;  ///< empty if it could not be told; then an error has been reported
  Place type_place;
  std::vector<Reference> from;
  Place from_place;  ///< line 0 if there is no `from`
  std::optional<Limit> limit;
  bool ordered = false;                  ///< of a function
  std::optional<std::int64_t> capacity;  ///< of a queue, in items
  Place capacity_place;
  InFlight max_in_flight;  ///< of a source
  /// Every key that is not common to all nodes. `run: X` is type "run" with `argv: X`, and
  /// `shell: X` type "shell" with `script: X`. A value that is `faulty` has been complained about.
  std::vector<Value::Field> parameters;
};

struct PluginDeclaration {
  std::string path;
  Place place;
};

/// A file's `params:` after `--set`, for display and records.
struct Parameter {
  std::string name;
  Value value;
  Place place;           ///< of the key
  bool is_used = false;  ///< named somewhere in the file
};

struct Pipeline {
  std::string file;  ///< as the user gave it
  std::string name;  ///< `name:`, or the file's stem
  std::vector<Parameter> parameters;
  std::vector<PluginDeclaration> plugins;
  std::vector<NodeDeclaration> nodes;  ///< in the order of the file
};

struct ReadOptions {
  /// `--set`, in order; the last one of a name counts.
  std::vector<std::pair<std::string, std::string>> settings;
  std::map<std::string, std::string> environment;  ///< what `${env.NAME}` sees
};

/// The process's environment, for ReadOptions.
std::map<std::string, std::string> process_environment();

/// Reads a file's text. Everything that can be wrong without knowing the node types is added to
/// `diagnostics`; what is returned is as complete as the file allows, so that later checks can go
/// on. In it every reference names a node that is there, and there are no cycles (but through a
/// sink, which gives nothing out): references for which that isn't so have been reported and left
/// out. (So in a file with errors, a node that nobody reads may be one that somebody meant to
/// read.)
///
/// It may be called from any thread, and takes less than a second or so for the worst of files.
Pipeline read_pipeline(const SourceText& source, const ReadOptions& options,
                       Diagnostics& diagnostics);

/// Reads the file itself. If it can't be read or is over 1 MiB, that is a diagnostic and the text
/// is empty; `read_pipeline` then adds nothing.
SourceText read_source(const std::string& path, Diagnostics& diagnostics);

/// The pipeline as indented text, one line for each thing declared: for tests.
std::string print(const Pipeline& pipeline);

}  // namespace weir::spec
