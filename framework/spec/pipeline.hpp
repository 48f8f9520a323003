#pragma once

/// What a pipeline file declares, as plain structs: the outcome of reading it, before any node type
/// is known.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <weir/units.hpp>
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

/// A name in a `limit`.
struct LimitReference {
  std::string name;
  Place place;
};

/// `limit:` of a node.
struct Limit {
  std::optional<std::int64_t> count;  ///< nullopt, and no `names`: unlimited
  Place place;
  std::vector<LimitReference> names;  ///< each once
  bool faulty = false;                ///< an error about it has been reported
};

/// `max_in_flight:` of a source.
struct InFlight {
  std::optional<std::int64_t> items;
  std::optional<std::uint64_t> bytes;
};

struct Timeout {
  std::chrono::nanoseconds time{};  ///< above zero
  Place place;                      ///< of the key
};

/// A regular expression, not yet looked at; empty if there is none.
struct Pattern {
  std::string text;
  Place place;
};

/// The items that have failed are tried again if their status is one of `statuses` or `match` is
/// found; if neither is given, all of them.
struct Retry {
  std::int64_t attempts = 1;                           ///< in all, at least 1
  std::chrono::nanoseconds first = default_first;      ///< the first wait
  std::chrono::nanoseconds longest = default_longest;  ///< at least `first`
  std::vector<std::int64_t> statuses;                  ///< 0 to 255, each once
  Pattern match;
  Place place;  ///< of the key

  static constexpr std::chrono::nanoseconds default_first = std::chrono::seconds(1);
  static constexpr std::chrono::nanoseconds default_longest = std::chrono::minutes(1);
};

struct Throttle {
  Pattern match;
  std::chrono::nanoseconds pause = std::chrono::seconds(30);  ///< above zero
  Place place;                                                ///< of the key
};

/// When failed items stop the run. Nothing set: never.
struct OnFailure {
  std::optional<std::int64_t> items;  ///< at least 1
  std::optional<double> percent;      ///< above 0, at most 100
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
  bool ordered = false;  ///< of a function
  /// Of a function: as they are in the file. Where its type has a parameter of that name, it is
  /// that.
  std::optional<Value::Field> weight, memory;
  std::optional<Timeout> timeout;  ///< of a function, as all of these
  std::optional<Retry> retry;
  std::optional<Throttle> throttle;
  OnFailure on_failure;
  std::optional<Value::Field> on_cancel;  ///< as it is in the file
  std::optional<std::int64_t> capacity;   ///< of a queue, in items
  Place capacity_place;
  InFlight max_in_flight;  ///< of a source
  /// Every key that is not common to all nodes. `run: X` is type "run" with `argv: X`, and
  /// `shell: X` type "shell" with `script: X`. A value that is `faulty` has been complained about.
  std::vector<Value::Field> parameters;
};

/// One entry of `limits:`. What is not set does not limit.
struct LimitDeclaration {
  std::string name;
  Place place;                          ///< of the key
  std::optional<std::int64_t> slots;    ///< at least 1
  std::optional<Rate> rate;             ///< above zero
  std::optional<std::uint64_t> memory;  ///< bytes, at least 1
  std::optional<Value> per;             ///< a text with `${{ … }}` in it
  bool faulty = false;                  ///< an error about it has been reported
};

/// An environment variable whose value must not be shown.
struct Secret {
  std::string variable;
  std::string value;  ///< empty if it is not set
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
  std::vector<Secret> secrets;
  std::vector<LimitDeclaration> limits;  ///< in the order of the file
  std::vector<NodeDeclaration> nodes;    ///< in the order of the file
};

struct ReadOptions {
  /// `--set`, in order; the last one of a name counts.
  std::vector<std::pair<std::string, std::string>> settings = {};
  std::map<std::string, std::string> environment = {};  ///< what `${env.NAME}` sees
  /// Settings of an earlier run of the file, which `settings` win over. One whose parameter the
  /// file no longer has is left out, with a warning.
  std::vector<std::pair<std::string, std::string>> kept_settings = {};
  /// The path that `${weir.dir}` is taken from, if it is not the source's name: that of an earlier
  /// run.
  std::string known_as = {};
};

/// The process's environment, for ReadOptions.
std::map<std::string, std::string> process_environment();

/// Reads a file's text. Everything that can be wrong without knowing the node types is added to
/// `diagnostics`; what is returned is as complete as the file allows, so that later checks can go
/// on. In it every reference names a node, or a limit, that is there, and there are no cycles (but
/// through a sink, which gives nothing out): references for which that isn't so have been reported
/// and left out. (So in a file with errors, a node that nobody reads may be one that somebody meant
/// to read.)
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
