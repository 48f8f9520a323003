#pragma once

/// What is written down of an item: that an attempt begins, and how it ends.

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

/// An attempt at an item begins. The journal counts the attempts, over all runs in this directory.
struct Started {
  std::string node;
  Key key;
  std::int64_t seq = 0;  ///< its number at this node, from 1: its logs are logs/NODE/SEQ.out, .err
  std::optional<Key> parent;  ///< the item that it came of, at the nearest node upstream that waits
  std::string item;           ///< its text, for people; cut at 4 KiB
  std::string config;  ///< hash of what the node does with items: its command, its parameters
  std::int64_t arrived_ns = 0;  ///< when it came to the node; times are unix times
  std::int64_t queued_ns = 0;   ///< when it could have started, this attempt, but for the limit
  std::int64_t started_ns = 0;
};

/// The attempt ends that the same Journal was told of last. If it was told of none, or that one has
/// ended for good, this is ignored.
struct Ended {
  std::string node;
  Key key;
  State state = State::done;
  std::int64_t ended_ns = 0;
  std::optional<int> status;          ///< exit status of its command
  std::string error;                  ///< empty: none
  std::optional<std::string> output;  ///< what the item gave out, in whatever form the caller likes
};

}  // namespace weir::journal
