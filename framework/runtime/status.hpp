#pragma once

/// How a run stands at one moment. Plain data: what looks at it needs nothing else of the runtime.
///
/// Times are seconds, from the moment that the status is of: how long something has taken until
/// then, or how long it still is from then.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::runtime {

/// The most items that a node's `items`, and holders that a limit's `holders` have.
inline constexpr std::size_t kMostShown = 20;

/// An item that is in work at a node.
struct ItemStatus {
  std::string text;          ///< for people
  std::string key;           ///< as in run.db; empty if there is none
  std::int64_t number = 0;   ///< its number at the node, from 1, by arrival; 0: it has none
  double seconds = 0;        ///< since its attempt began
  std::int64_t attempt = 1;  ///< from 1
  std::string last_line;     ///< that its command has written, as it came, cut; empty: none
};

struct NodeStatus {
  std::string name;
  std::string kind;                ///< "source", "function", "queue" or "sink"
  std::string type;                ///< "run", "fifo"…
  std::string work;                ///< "computes", "waits" or "blocks"; empty of a queue
  std::vector<std::string> reads;  ///< names of the nodes that it reads, each once

  std::optional<std::int64_t> limit;     ///< its own, of items in work; nullopt: none
  std::vector<std::string> limits;       ///< names of the limits that it shares
  std::optional<std::int64_t> capacity;  ///< of a queue, in items; nullopt: none of its own

  std::int64_t in = 0;    ///< items that came to it; of a source: that it made
  std::int64_t done = 0;  ///< of a queue: that have left it
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;

  std::int64_t running = 0;  ///< in work; of what computes: tasks
  /// Came to it, and waits for its turn: for a permit, for a worker, or for its command's start. Of
  /// a queue: lies in it.
  std::int64_t waiting = 0;
  /// Of `waiting`: admitted, and held back until their command can be started.
  std::int64_t held_back = 0;
  bool halted = false;  ///< begins nothing: what it has given out waits for room in a full queue
  std::int64_t queued = 0;             ///< lies in a declared queue before it; not in `waiting`
  std::int64_t backing_off = 0;        ///< failed, and waits for its next attempt
  std::optional<double> next_attempt;  ///< until the first of those

  std::vector<ItemStatus> items;  ///< those in work, where they are known: the oldest first

  /// The most that was in work at a time so far, and that waited for its turn: as in the summary.
  std::optional<std::int64_t> peak_running = {};
  std::optional<std::int64_t> peak_waiting = {};
};

struct SourceStatus {
  std::string node;
  bool ended = false;
  bool held_back = false;  ///< makes nothing more until some of what is in flight has ended
  std::int64_t items_in_flight = 0;  ///< of its own
  std::int64_t bytes_in_flight = 0;
  std::int64_t max_items = 0;  ///< what it may have in flight
  std::int64_t max_bytes = 0;
  std::optional<std::int64_t> total = {};  ///< items that it will make in all, if it knows
};

/// Who has been admitted by a limit.
struct HolderStatus {
  std::string node;
  std::string item;  ///< its text, for people
  double seconds = 0;
};

/// Who waits at a limit.
struct WaiterStatus {
  std::string node;
  std::int64_t items = 0;
};

/// How a limit stands, or one key of a limit that has keys.
struct LimitState {
  std::string key;                ///< empty without `per`
  std::int64_t taken = 0;         ///< slots
  std::int64_t memory_taken = 0;  ///< bytes
  std::int64_t running = 0;       ///< items that have been admitted
  std::int64_t waiting = 0;       ///< items
  std::optional<double>
      paused_for;  ///< until a throttle's pause is over; nullopt: it doesn't pause
  std::optional<double>
      next_start;  ///< until the rate lets the next one start; nullopt: it would now
  std::vector<HolderStatus> holders;  ///< the oldest first
  std::vector<WaiterStatus> waiters;  ///< one for each node that has items waiting
};

/// One of the file's `limits`, or a function's own one, which has the function's name. What is not
/// set does not limit.
struct LimitStatus {
  std::string name;
  bool is_own = false;  ///< a function's own
  std::string per;      ///< the template that gives an item's key, as written; empty: no keys
  std::optional<std::int64_t> slots;
  std::optional<double> interval;      ///< from one start to the next, at least
  std::optional<std::int64_t> memory;  ///< bytes
  /// Exactly one without `per`; else one for each key that is not idle.
  std::vector<LimitState> states;
};

struct Status {
  std::string pipeline;
  std::string id;
  double seconds = 0;             ///< since it started
  int threads = 0;                ///< workers
  std::string lacks;              ///< what there is too little of to start commands; empty: none
  bool stopping = false;          ///< nothing more is begun
  bool cut_off = false;           ///< and what was in work has been told to end
  std::vector<NodeStatus> nodes;  ///< every node behind those that it reads
  std::vector<SourceStatus> sources;
  std::vector<LimitStatus> limits;
};

}  // namespace weir::runtime
