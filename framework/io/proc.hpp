#pragma once

/// What /proc tells about processes.

#include <optional>
#include <sys/types.h>
#include <unordered_set>
#include <vector>

namespace weir::io {

/// Every child of any thread of this process, zombies included. Reliable as long as no other thread
/// reaps children meanwhile.
std::vector<pid_t> children_of_this_process();

/// The process groups that have a member that is not a zombie; nullopt if /proc can't be read.
std::optional<std::unordered_set<pid_t>> groups_alive();

}  // namespace weir::io
