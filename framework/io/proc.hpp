#pragma once

/// What /proc tells about processes.

#include <optional>
#include <span>
#include <string>
#include <sys/types.h>
#include <unordered_set>
#include <vector>

namespace weir::io {

struct ProcessStatus {
  std::string name;  ///< of its program, up to 15 bytes
  char state = 'X';  ///< 'Z' and 'X' are dead
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  unsigned long long started = 0;  ///< in ticks since the system's start

  bool is_dead() const { return state == 'Z' || state == 'X'; }
};

/// The process may be gone already: then it is dead.
ProcessStatus status_of(pid_t pid);

/// Its environment as it was when its program began, entries ended by NUL bytes; or what it has
/// written there since. Empty if it is dead, or another user's.
std::string environment_of(pid_t pid);

/// Where this process's arguments and environment lie in its memory, as others see them; empty if
/// that is not known.
struct MemoryOfArguments {
  std::span<char> arguments;
  std::span<char> environment;
};
MemoryOfArguments memory_of_arguments();

/// Every process that can be seen; nullopt if /proc can't be read.
std::optional<std::vector<pid_t>> all_processes();

/// Every child of any thread of this process, zombies included. Reliable as long as no other thread
/// reaps children meanwhile.
std::vector<pid_t> children_of_this_process();

/// The process groups that have a member that is not a zombie; nullopt if /proc can't be read.
std::optional<std::unordered_set<pid_t>> groups_alive();

}  // namespace weir::io
