#pragma once

/// What outlives the process that it belongs to: to be found and killed by another one.

#include <chrono>
#include <cstddef>
#include <string>
#include <sys/types.h>
#include <unordered_set>

namespace weir::io {

/// How the processes of a run are recognised once the one that ran them is dead.
struct Remains {
  /// They have this in the value of the environment variable `variable`; nobody else has.
  std::string variable;
  std::string mark;
  /// What the dead process was in. They share its session unless they have begun another.
  pid_t session = 0;
  pid_t group = 0;
  /// That it has started, and that have, or lately had, a member.
  std::unordered_set<pid_t> groups;
};

/// Kills all that bear the mark; that are in a group or session of one that does, or in one of the
/// groups; and what they have started. Looks until nothing of that is found several times in a row,
/// but no longer than `patience`. Gives how many were left then. What may not be killed (another
/// user's) is not counted.
///
/// Takes no locks but malloc's: it may be called after a fork of a process with many threads.
std::size_t kill_survivors(Remains remains, std::chrono::milliseconds patience);

}  // namespace weir::io
