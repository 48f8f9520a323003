#pragma once

/// What is written down of an item: that an attempt begins, and how it ends.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "journal/key.hpp"

namespace weir::journal {

enum class State : std::uint8_t {
  running,      ///< in work; in the journal of a run that is not alive: it was when the run died
  backing_off,  ///< failed, and waits for another attempt; of a dead run as above
  done,
  failed,     ///< for good
  cancelled,  ///< ended because the run was stopped
};

/// "running", "backing_off", "done", "failed", "cancelled"
std::string_view to_string(State state);
std::optional<State> parse_state(std::string_view text);

inline constexpr std::size_t kMostItemBytes = 4096;

/// An attempt at an item begins. The journal counts the attempts, over all runs in this directory.
struct Started {
  std::string node;
  Key key;
  std::int64_t seq = 0;  ///< its number at this node, from 1: its logs are logs/NODE/SEQ.out, .err
  std::optional<Key> parent;  ///< the item that it came of, at the nearest node upstream that waits
  std::string item;           ///< its text, for people; cut at kMostItemBytes
  std::string config;  ///< hash of what the node does with items: its command, its parameters
  std::int64_t arrived_ns = 0;   ///< when it came to the node; times are unix times
  std::int64_t queued_ns = 0;    ///< when it could have started, this attempt, but for the limit
  std::int64_t admitted_ns = 0;  ///< when the limit let it in; then it waited for a thread
  std::int64_t started_ns = 0;
  std::string held_by;  ///< the limit that it waited for last; empty: it did not wait
  /// What it waited for there: "slots", "memory", "rate" or "pause"; or, without a limit, "room":
  /// what its node had given out waited for that, in a full queue.
  std::string held_for;
  std::string needs;  ///< what it takes of its limits, as JSON; empty: a slot of each
};

/// The attempt ends that the same Journal was told of last, or the item's wait for another one. If
/// it was told of none, or the item has ended for good, this is ignored.
struct Ended {
  std::string node;
  Key key;
  State state = State::done;
  std::int64_t ended_ns = 0;
  std::optional<int> status;           ///< exit status of its command
  std::optional<std::int64_t> cpu_ns;  ///< that its commands have used, as far as that is known
  /// How long it was held back between its admission and its begin, which was noted too early by as
  /// much.
  std::int64_t held_back_ns = 0;
  std::string error;                  ///< empty: none
  std::optional<std::string> output;  ///< what the item gave out, in whatever form the caller likes
};

/// An item of an earlier run has not come in one that came to its end: it is of the run no more,
/// and is not counted. Or it has come again.
struct Presence {
  std::string node;
  Key key;
  bool is_gone = true;
};

/// A run begins: what is known of an earlier one as a whole is forgotten, and what was in work when
/// that one died, or between two attempts, is cancelled.
struct Begun {
  std::string graph;  ///< as JSON; empty: not known
  std::string run;    ///< as JSON
};

/// What is known of the run has changed.
struct RunChanged {
  std::string run;  ///< as JSON
};

/// How the run stands at one moment.
struct Sampled {
  std::int64_t tick = 0;   ///< the number of the sample
  std::int64_t at_ns = 0;  ///< unix time
  /// How much of the machine's processors nobody has used since the last one.
  std::optional<std::int64_t> idle_permille;
  std::string nodes;         ///< as JSON
  std::string batches;       ///< tasks of nodes that compute, since the last one, as JSON; or empty
  std::int64_t keep_of = 1;  ///< of the earlier ones, those stay whose tick can be divided by this
};

}  // namespace weir::journal
