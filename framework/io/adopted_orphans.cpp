#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>

#include "io/proc.hpp"
#include "io/stragglers.hpp"

namespace weir::io {

namespace {

/// A child's number cannot come to mean another process before it is reaped, and only we reap
/// these: nothing here can hit a stranger.
class AdoptedOrphans final : public Stragglers {
 public:
  AdoptedOrphans() {
    for (const pid_t pid : children_of_this_process()) not_ours_.insert(pid);
  }

  void leader_started(pid_t pid) override {
    leaders_.insert(pid);
    group_signal_.erase(pid);
  }
  void leader_reaped(pid_t pid, int last_signal) override {
    leaders_.erase(pid);
    if (last_signal != 0) group_signal_.emplace(pid, last_signal);
  }

  bool sweep(int signal) override {
    std::unordered_set<pid_t> not_ours;
    std::unordered_map<pid_t, int> last_signal;
    bool any_reaped = false;
    const pid_t own_group = ::getpgrp();
    for (const pid_t pid : children_of_this_process()) {
      if (leaders_.contains(pid)) continue;
      const pid_t group = ::getpgid(pid);
      if (not_ours_.contains(pid)) {
        not_ours.insert(pid);
      } else if (group == own_group) {
        continue;
      } else if (reap(pid)) {
        any_reaped = true;
      } else {
        const int last = last_signal_of(pid, group);
        // While its leader has not been reaped, a group gets its signals through that.
        last_signal.emplace(pid, leaders_.contains(group) ? last : send(pid, signal, last));
      }
    }
    not_ours_ = std::move(not_ours);
    last_signal_ = std::move(last_signal);
    // One that ended between the look at the list and being reaped may have handed us its children,
    // which are not in that list.
    return any_reaped || !last_signal_.empty();
  }

 private:
  static bool reap(pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG | __WALL) != 0; }

  int last_signal_of(pid_t pid, pid_t group) const {
    const auto own = last_signal_.find(pid);
    if (own != last_signal_.end() && own->second != 0) return own->second;
    const auto known = group_signal_.find(group);
    return known == group_signal_.end() ? 0 : known->second;
  }

  /// Gives the last signal that the process was sent.
  static int send(pid_t pid, int signal, int last) {
    if (signal == 0 || (signal == last && signal != SIGKILL)) return last;
    ::kill(pid, signal);
    ::kill(pid, SIGCONT);  // a stopped process does not notice anything but SIGKILL
    return signal;
  }

  std::unordered_set<pid_t> leaders_;
  std::unordered_set<pid_t> not_ours_;           ///< there before us, and still unreaped
  std::unordered_map<pid_t, int> last_signal_;   ///< by orphan
  std::unordered_map<pid_t, int> group_signal_;  ///< by group that has lost its leader
};

}  // namespace

std::unique_ptr<Stragglers> adopted_orphans() { return std::make_unique<AdoptedOrphans>(); }

}  // namespace weir::io
