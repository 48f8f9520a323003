#pragma once

/// What was written down of a run, as plain data: what traces, reports and replays are made of.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/event.hpp"
#include "journal/recorded.hpp"
#include "runtime/status.hpp"
#include "view/end_counts.hpp"
#include "view/graph/model.hpp"

namespace weir::view {

/// Times are nanoseconds since the start of the run.
struct Recording {
  using Time = std::int64_t;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// An attempt that had not ended when the run died, or when this was read, ends at `last`.
  struct Attempt {
    std::int64_t number = 1;  ///< over all runs in the directory
    Time queued = 0;          ///< when it got in line for its limits
    Time admitted = 0;        ///< when they let it in
    Time started = 0;         ///< when a thread had time for it
    Time ended = 0;
    bool cut_off = false;
    journal::State state = journal::State::running;
    std::optional<int> status;
    std::string error;
    std::string held_by;   ///< the limit that it waited for last; empty: it did not wait
    std::string held_for;  ///< as in journal::Started
    std::string needs;     ///< what it takes of its limits, as JSON; empty: a slot of each
    std::optional<Time> cpu;
  };
  struct Item {
    std::size_t node = 0;        ///< index into the graph's nodes
    std::size_t parent = kNone;  ///< the item that it came of, at the nearest node that waits
    journal::Key key;
    std::int64_t seq = 0;
    std::string text;
    Time arrived = 0;
    Time ended = 0;
    bool is_open = false;  ///< it has not ended
    journal::State state = journal::State::running;
    std::optional<int> status;
    std::string error;
    std::vector<Attempt> attempts;  ///< those of this run; one at least
  };
  /// How all nodes stood.
  struct Sample {
    struct Node {
      std::int64_t in = 0, done = 0, failed = 0;
      std::int64_t running = 0, waiting = 0, queued = 0, backing_off = 0;
    };
    Time at = 0;
    /// How much of the machine's processors nobody had used since the one before.
    std::optional<double> idle;
    std::vector<Node> nodes;  ///< in the order of the graph
    /// Of the limits those that were waited for then, and those whose slots had been changed;
    /// nullopt: nothing is known of any.
    std::optional<std::vector<runtime::LimitStatus>> limits = {};
  };
  /// A task of a node that computes; there were more than those that are here.
  struct Batch {
    std::size_t node = 0;
    int worker = 0;
    Time began = 0;
    Time ended = 0;
    std::int64_t items = 0;
  };

  std::string id;                 ///< empty: of a file, not of a run directory
  std::string state = "crashed";  ///< "running", "crashed", or how it ended
  std::int64_t started_ns = 0;    ///< unix time
  Time last = 0;                  ///< its end, or the last that is known of it
  int threads = 0;                ///< 0: not known
  int cpus = 0;
  std::optional<int> exit_code;
  std::map<std::string, std::int64_t> max_in_flight;  ///< of sources
  std::filesystem::path directory;                    ///< of the run; empty: there is none
  std::map<std::string, EndCounts> summary;           ///< of its nodes; empty: it has none
  Graph graph;
  std::vector<Item> items;  ///< in the order in which they began; parents before what came of them
  std::vector<Sample> samples;
  std::vector<Batch> batches;
};

/// A limit as the graph says it is, at which nobody is.
runtime::LimitStatus limit_status(const GraphLimit& from);
/// The same for a node's own.
runtime::LimitStatus own_limit(const GraphNode& node);
/// Either by its name; nullopt: there is none.
std::optional<runtime::LimitStatus> limit_named(const Graph& graph, const std::string& name);

/// Whether it was cut off before all was done, or goes on: then what waited has no end.
bool is_cut_off(const Recording& recording);

/// Of each node: the capacity of the queue that it reads, if it reads one that has any.
std::vector<std::optional<std::int64_t>> capacities_before(const Graph& graph);

/// What `weir trace` and `weir report` take: "latest", an id, the beginning of one, a directory; or
/// a file that `weir run --trace` wrote. Throws journal::UnknownRun if there is none, and
/// journal::Error if it can't be read.
Recording load_recording(const std::string& which, const std::filesystem::path& root);

/// From a file alone. Throws journal::Error.
Recording load_recording_file(const std::filesystem::path& file);

}  // namespace weir::view
