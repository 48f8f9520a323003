#pragma once

/// What is to be built and run: flat, plain data, complete. The outcome of checking a pipeline
/// against its node types.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <weir/abi.hpp>
#include <weir/param.hpp>
#include <weir/value.hpp>

namespace weir::compile {

/// How batches come to a node, and so what it is made of in oneTBB.
enum class Entry : std::uint8_t {
  source,   ///< nothing comes to it
  queue,    ///< a queue_node for each reader
  direct,   ///< a node without a limit
  limited,  ///< function_node(limit), with the queue that it has inside
  gated,  ///< queue_node → limiter_node(limit) → node → decrementer; weir's own gate if it waits
  fused,  ///< worked on in the task of the node before it
};

/// What is done to batches on an edge.
enum class Conversion : std::uint8_t { none, to_text };

/// One reader of one port.
struct PlannedEdge {
  std::uint32_t from = 0;
  std::uint32_t port = 0;  ///< index into the `ports` of `from`
  std::uint32_t to = 0;
  Conversion conversion = Conversion::none;
  bool one_by_one = false;  ///< the reader waits or blocks: each item in a batch of its own
};

struct PlannedPort {
  std::string name;
  const abi::TypeInfo* type = nullptr;  ///< null: differs from item to item
  std::vector<std::uint32_t> readers;   ///< indices into Plan::edges
};

/// One entry of `limits:`. What is not set does not limit.
struct PlannedLimit {
  std::string name;
  std::optional<std::int64_t> slots;
  std::optional<std::chrono::nanoseconds> interval;  ///< from one start to the next, at least
  std::optional<Template> per;                       ///< one limit for each text that it gives
  std::optional<std::uint64_t> memory;               ///< bytes, of all that run together
};

/// How often, and when, an item that has failed is tried again.
struct Retry {
  std::int64_t attempts = 1;                                   ///< in all
  std::chrono::nanoseconds first{std::chrono::seconds(1)};     ///< the first wait; then doubled
  std::chrono::nanoseconds longest{std::chrono::seconds(60)};  ///< no wait is longer
  /// Of the command. An item is tried again if its status is one of these or `match` is found; if
  /// neither is given, after every failure.
  std::vector<std::int64_t> statuses;
  std::string match;  ///< a regular expression (RE2), in its error or output
};

/// When the limits of a function pause.
struct Throttle {
  std::string match;  ///< a regular expression (RE2), in the error or output of a failed item
  std::chrono::nanoseconds pause{std::chrono::seconds(30)};
};

/// When failed items stop the run. Nothing set: never.
struct OnFailure {
  std::optional<std::int64_t> items;  ///< at so many
  std::optional<double> percent;      ///< at this share, in percent, of the items that have ended
};

/// What a source may have in flight if the file doesn't say it.
constexpr std::int64_t kMaxItems = 65536;
constexpr std::int64_t kMaxBytes = std::int64_t{16} << 20;

struct PlannedNode {
  std::string name;
  const abi::NodeType* type = nullptr;
  abi::Work work = abi::Work::computes;
  Entry entry = Entry::direct;
  std::optional<std::int64_t> limit;  ///< its own, beside `limits`; nullopt: unlimited
  bool explicit_limit = false;        ///< the file says `limit`
  std::vector<std::uint32_t> limits;  ///< indices into Plan::limits, ascending, each once
  std::optional<Template> weight;     ///< slots that an item takes of `limits`; else 1
  std::optional<Template> memory;  ///< a size: what an item takes of their memory; set if any has
  std::optional<std::chrono::nanoseconds> timeout;  ///< of each attempt; only if it waits
  Retry retry;
  std::optional<Throttle> throttle;
  OnFailure on_failure;
  std::vector<Template> on_cancel;             ///< a command, for an item that was cut off
  bool ordered = false;                        ///< gives out in the order in which it took
  std::optional<std::int64_t> capacity;        ///< of a queue, in items; nullopt: what is in flight
  std::int64_t smallest_capacity = kMaxItems;  ///< of the queues at and behind it
  std::int64_t max_items = kMaxItems;          ///< of a source: what it may have in flight
  std::int64_t max_bytes = kMaxBytes;          ///< the same, in bytes
  bool end_matters = false;  ///< it collects, or a node behind it does: see runtime::Node::open
  std::vector<Value::Field> parameters;
  std::vector<std::uint32_t> inputs;  ///< indices into Plan::edges, in the order of `from`
  std::vector<PlannedPort> ports;     ///< a function's last one is `failed`
};

/// `nodes` are in an order in which every node stands behind those that it reads.
struct Plan {
  std::string file;
  std::string name;
  std::vector<PlannedNode> nodes;
  std::vector<PlannedEdge> edges;
  std::vector<PlannedLimit> limits;
  std::vector<std::string> secrets;  ///< values that logs must not show: not empty, longest first
};

/// The graph for people: a line for each node.
std::string print(const Plan& plan);

/// What each node is in oneTBB: a line for each node.
std::string print_tbb(const Plan& plan);

}  // namespace weir::compile
