#pragma once

/// What run.db has of an item.

#include <cstdint>
#include <optional>
#include <string>

#include "journal/event.hpp"

namespace weir::journal {

/// An item at a node, as after its last event.
struct Row {
  std::string node;
  Key key;
  std::int64_t seq = 0;
  std::optional<Key> parent;
  std::string item;
  std::string config;
  State state = State::running;
  std::int64_t attempts = 0;  ///< that began, over all runs in this directory
  std::int64_t arrived_ns = 0;
  std::int64_t started_ns = 0;  ///< the last attempt
  std::optional<std::int64_t> ended_ns;
  std::int64_t waited_ns = 0;  ///< for the limit, all attempts together
  std::optional<int> status;
  std::string error;
  bool has_output = false;
  bool is_gone = false;  ///< of the run no more: see Presence
};

}  // namespace weir::journal
