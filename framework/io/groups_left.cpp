#include <cerrno>
#include <signal.h>
#include <unordered_map>

#include "io/proc.hpp"
#include "io/stragglers.hpp"

namespace weir::io {

namespace {

/// The number of a group that has lost its leader stays taken while the group has a member, and can
/// come to mean something else after that. So a group is looked at often, and dropped at the first
/// sign that it is gone; that a process has its number is such a sign.
class GroupsLeft final : public Stragglers {
 public:
  void leader_started(pid_t pid) override { last_signal_.erase(pid); }

  void leader_reaped(pid_t pid, int last_signal) override {
    if (exists(-pid)) last_signal_.emplace(pid, last_signal);
  }

  bool sweep(int signal) override {
    std::erase_if(last_signal_,
                  [](const auto& entry) { return !exists(-entry.first) || exists(entry.first); });
    if (last_signal_.empty() || signal == 0) return !last_signal_.empty();
    forget_the_dead();
    for (auto& [group, last] : last_signal_) {
      if (last == signal && signal != SIGKILL) continue;
      ::kill(-group, signal);
      ::kill(-group, SIGCONT);  // a stopped process does not notice anything but SIGKILL
      last = signal;
    }
    return !last_signal_.empty();
  }

 private:
  static bool exists(pid_t target) { return ::kill(target, 0) == 0 || errno == EPERM; }

  /// A group of zombies exists until their parent reaps them, which may be never: some containers'
  /// first process does not.
  void forget_the_dead() {
    const auto alive = groups_alive();
    if (!alive) return;
    std::erase_if(last_signal_, [&](const auto& entry) {
      if (alive->contains(entry.first)) return false;
      ::kill(-entry.first, SIGKILL);  // one that was just being forked is not in the list
      return true;
    });
  }

  std::unordered_map<pid_t, int> last_signal_;  ///< by group
};

}  // namespace

std::unique_ptr<Stragglers> groups_left() { return std::make_unique<GroupsLeft>(); }

}  // namespace weir::io
