#pragma once

/// A process that outlives this one just as long as it takes to end what this one leaves behind.

#include <memory>
#include <string>
#include <sys/types.h>
#include <utility>

namespace weir::io {

class GroupTable;

/// If this process dies while there is a Guard, by whatever cause, SIGKILL included, all processes
/// that came of its children are killed: see `kill_survivors`. Until then the guard sleeps. It has
/// a session of its own, no descriptor of this process's, and ignores all signals that can be.
///
/// It is a child of this process. Reactors must come after it, and go before it.
class Guard {
 public:
  /// What the guard is called in a list of processes. Not by this program's name: then `pkill -9
  /// weir` would end both.
  static constexpr const char* process_name = "run-guard";

  /// Forks. Throws std::system_error if the system refuses.
  Guard();
  /// Ends it; from here on nothing is guarded.
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  pid_t pid() const { return pid_; }
  /// The variable that the guard knows the children by: all of them have to get it.
  const std::pair<std::string, std::string>& mark() const { return mark_; }
  /// Of the groups in here it knows those who have dropped the variable.
  GroupTable& groups() { return *groups_; }

 private:
  std::pair<std::string, std::string> mark_;
  std::unique_ptr<GroupTable> groups_;
  pid_t pid_ = -1;
};

}  // namespace weir::io
