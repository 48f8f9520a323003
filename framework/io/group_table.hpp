#pragma once

/// The process groups of a run, in memory that it shares with its guard.

#include <atomic>
#include <cstddef>
#include <memory>
#include <sys/types.h>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "io/stragglers.hpp"

namespace weir::io {

/// Written by one thread of one process; what forks from it while the table exists sees what is
/// written later, too, and still does when that process is dead.
class GroupTable {
 public:
  /// Throws std::system_error.
  GroupTable();
  ~GroupTable();
  GroupTable(const GroupTable&) = delete;
  GroupTable& operator=(const GroupTable&) = delete;

  /// For the number of a group that is just being started: its leader writes that before anything
  /// else can happen. Whoever starts it clears it, once it has been added or has not been started.
  std::atomic<pid_t>& starting() { return slots_[0]; }

  /// Beyond 65,535 at a time they are not taken.
  void add(pid_t group);
  void remove(pid_t group);

  /// Those that are in it. For the process that has forked from the writer.
  std::unordered_set<pid_t> groups() const;

 private:
  static_assert(std::atomic<pid_t>::is_always_lock_free);

  std::atomic<pid_t>* slots_;  // shared; 0 is empty
  std::vector<std::size_t> free_;
  std::size_t used_ = 1;  // slots that have been taken at some time
  std::unordered_map<pid_t, std::size_t> slot_of_;
};

/// `stragglers`; keeps every group in the table from its start on until it has no member.
std::unique_ptr<Stragglers> recorded(std::unique_ptr<Stragglers> stragglers, GroupTable& table);

}  // namespace weir::io
