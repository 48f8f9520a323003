#pragma once

/// What passes between weir and a plugin: the stamp that is compared before any of the plugin's
/// code is called, the table of its nodes, and the interfaces that both sides call each other by.
///
/// Both sides must agree on all of this, so anything that changes it changes `kAbi` or the stamp.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/batch.hpp>
#include <weir/task.hpp>
#include <weir/value.hpp>

namespace weir {

/// How a run came to its end, as nodes see it when they finish.
enum class Outcome : std::uint8_t {
  complete,  ///< every source came to its end, and everything that it gave was worked through
  stopped,   ///< a signal or a failure stopped the run before that
};

namespace abi {

inline constexpr int kAbi = 3;

enum class Kind : std::uint8_t { source, function, queue, sink };

/// How a node spends its time.
enum class Work : std::uint8_t {
  computes,  ///< uses a worker
  waits,     ///< a coroutine, completed by the reactor
  blocks,    ///< on threads of its own
};

/// What is wrong with a parameter's value.
struct ParamError {
  Place place;
  std::string message;
};

struct ParamSpec {
  std::string name;
  std::string doc;
  std::string type;          ///< "int", "duration", "list of text", …
  std::string default_text;  ///< as one would write it; empty if required
  std::string range;         ///< "1..1000", ">= 0", "item | stdout"; may be empty
  bool required = false;
  /// A file that the node writes: no two nodes of a pipeline may name the same one.
  bool output_file = false;
  std::vector<std::string> choices;
  /// Checks a value and stores it in a node.
  std::function<std::optional<ParamError>(void* node, const Value& value)> set;
};

struct PortSpec {
  std::string name;
  std::string doc;
  /// Null: the type of the node's input, unless `Instance::output_type` says otherwise.
  const TypeInfo* type = nullptr;
};

/// What a node calls while it works on a batch.
class Context {
 public:
  /// Hands on a batch that is not empty; takes over the reference.
  virtual void emit(std::uint32_t port, Batch* batch) noexcept = 0;
  /// Item `index` of `batch` failed.
  virtual void fail(Batch* batch, std::uint32_t index, const Failure& failure) noexcept = 0;
  /// Gives items [index, count) back, to be worked on elsewhere: they are moved, or copied where
  /// `batch` is shared. Only when `yield` was seen to be true. False: they can't be, go on.
  virtual bool hand_back(Batch* batch, std::uint32_t index) noexcept = 0;

  /// Set while a task turns out long: what it has not begun should be handed back. May be null.
  const std::atomic<bool>* yield = nullptr;
  /// The text item in hand: what a view given out may point into.
  std::string_view current;
  /// What is given out may wait for more of it until the call is over.
  bool gathers = true;

 protected:
  ~Context() = default;
};

/// How an item that waits came to its end.
enum class End : std::uint8_t { done, failed, cancelled };

/// One item in hand at a node that waits.
class Operation : public Context {
 public:
  Operation() { gathers = false; }

  /// The item, alone in its batch; alive until `finish`.
  Batch* input = nullptr;
  Host* host = nullptr;

  /// The last call: *this may be gone when it returns.
  virtual void finish(End end, const Failure& failure) noexcept = 0;

 protected:
  ~Operation() = default;
};

enum class Produced : std::uint8_t { more, end, failed };

inline constexpr char kOutputTypeError = '\n';

/// A node of a run.
class Instance {
 public:
  virtual ~Instance() = default;

  /// The node itself, for ParamSpec::set.
  virtual void* node() noexcept = 0;
  /// What is wrong with its parameters taken together, or nothing.
  virtual std::optional<ParamError> validate() noexcept { return std::nullopt; }
  /// Whether this source may block: it then runs on a thread of its own.
  virtual bool blocking() const noexcept { return false; }
  /// What port 0 carries, by name, where the node decides it itself. `input` is null for sources.
  /// After kOutputTypeError: why the node can't take that type.
  virtual std::string output_type(const char* /*input*/) noexcept { return {}; }

  /// Before the first item. The result is an error, or empty.
  virtual std::string start(Host& /*host*/) noexcept { return {}; }
  /// After the last one. The result is an error, or empty.
  virtual std::string finish(Outcome /*outcome*/, Host& /*host*/) noexcept { return {}; }

  /// When a node that keeps items wants to be called although none comes; nullopt: not at all.
  virtual std::optional<std::chrono::steady_clock::time_point> due() noexcept { return {}; }
  /// It is that time. The result is an error, or empty.
  virtual std::string tick(Host& /*host*/, Context& /*context*/) noexcept { return {}; }
  /// Of a node that keeps items: whether it keeps none of what it was given, so that nothing of
  /// that is in what it gives out from now on.
  virtual bool is_empty() noexcept { return false; }

  /// Functions and sinks that compute or block. Takes over the reference.
  virtual void process(Batch* batch, Host& host, Context& context) noexcept;
  /// Functions that wait: begins work on an item.
  virtual void begin(Operation& operation) noexcept;
  /// Sources, and collectors whose input has ended: makes up to `most` items and emits them. On
  /// `failed`, `error` says why.
  virtual Produced produce(std::uint32_t most, Host& host, Context& context,
                           std::string& error) noexcept;
};

inline void Instance::process(Batch* batch, Host&, Context&) noexcept { Batch::release(batch); }
inline void Instance::begin(Operation& operation) noexcept { operation.finish(End::done, {}); }
inline Produced Instance::produce(std::uint32_t, Host&, Context&, std::string&) noexcept {
  return Produced::end;
}

/// A type of node: everything that there is to know of it without making one.
struct NodeType {
  Kind kind = Kind::function;
  Work work = Work::computes;
  /// May run at any concurrency: its call operator is const.
  bool concurrent = true;
  /// May give out more items than it takes.
  bool expands = false;
  /// Gives out items by `produce`, too, when its input has ended.
  bool collects = false;
  /// Wants to be called at certain times: `due`, `tick`.
  bool ticks = false;
  /// Uses the text of its items: a type without a text form is refused.
  bool needs_text = false;
  std::string name;
  std::string doc;
  std::vector<ParamSpec> params;
  const TypeInfo* input = nullptr;  ///< null: takes any type
  std::string input_doc;
  std::vector<PortSpec> outputs;  ///< without `failed`, which every function has
  std::function<Instance*()> create;
};

struct Table {
  std::string name;
  std::vector<NodeType> types;
};

/// The plain-text stamp: what must be equal on both sides. It is read from the plugin's file,
/// without running anything of it.
///
/// GCC and Clang share the Itanium C++ ABI, so which of them compiled a plugin does not matter
/// here; what matters is the standard library and the layouts.
using Stamp = std::array<char, 512>;
constexpr Stamp make_stamp() {
  Stamp stamp{};
  std::size_t at = 0;
  const auto add = [&](std::string_view text) {
    for (const char c : text) stamp[at++] = c;
  };
  const auto number = [&](std::string_view name, std::size_t value) {
    add(" ");
    add(name);
    add("=");
    char digits[20] = {};
    int length = 0;
    do {
      digits[length++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    while (length > 0) stamp[at++] = digits[--length];
  };
  add("weir-plugin");
  number("abi", kAbi);
  number("itanium", __GXX_ABI_VERSION / 1000);
#ifdef _GLIBCXX_USE_CXX11_ABI
  number("libstdc++-cxx11", _GLIBCXX_USE_CXX11_ABI);
#else
  add(" other-standard-library");
#endif
#ifdef _GLIBCXX_DEBUG
  add(" debug-mode");
#endif
  number("json", NLOHMANN_JSON_VERSION_MAJOR * 10000 + NLOHMANN_JSON_VERSION_MINOR * 100 +
                     NLOHMANN_JSON_VERSION_PATCH);
  number("pointer", sizeof(void*));
  number("value", sizeof(Value));
  number("type", sizeof(TypeInfo));
  number("batch", sizeof(Batch));
  number("block", sizeof(Block));
  number("ticket", sizeof(Ticket));
  number("table", sizeof(Table));
  number("node", sizeof(NodeType));
  number("param", sizeof(ParamSpec));
  number("port", sizeof(PortSpec));
  number("context", sizeof(Context));
  number("operation", sizeof(Operation));
  number("host", sizeof(Host));
  number("sleep", sizeof(SleepWait));
  number("process", sizeof(ProcessWait));
  number("command", sizeof(Command));
  number("result", sizeof(ProcessResult));
  number("failure", sizeof(Failure));
  return stamp;
}

/// The two symbols that a plugin exports.
inline constexpr const char* kStampSymbol = "weir_plugin_stamp";
inline constexpr const char* kTableSymbol = "weir_plugin_table";
/// Fills the table; the result is an error, or null. The text lives as long as the plugin.
using TableFunction = const char* (*)(Table*) noexcept;

}  // namespace abi
}  // namespace weir
