#include "io/survivors.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <signal.h>
#include <string_view>
#include <time.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

extern "C" {  // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

#include "io/descriptor.hpp"
#include "io/guard.hpp"
#include "io/proc.hpp"

namespace weir::io {

namespace {

using Milliseconds = std::chrono::milliseconds;

/// A process has no environment for a moment when it executes another program, and one that forks
/// may have been listed before its child was there: so one look that finds nothing proves nothing.
constexpr int quiet_looks = 4;
constexpr Milliseconds first_sweep_pause{1};
constexpr Milliseconds longest_sweep_pause{20};

struct Seen {
  ProcessStatus status;
  bool is_marked = false;
  bool is_ours = false;
};

class Survivors {
 public:
  explicit Survivors(Remains remains) : remains_(std::move(remains)) {}

  /// Kills what it finds, and gives how many that were.
  std::size_t look() {
    // At once, and with whatever it is just forking: a group can't outrun that as a process can.
    for (const pid_t group : remains_.groups) {
      if (is_of_a_run(group)) ::kill(-group, SIGKILL);
    }
    see();
    learn_groups();
    find_ours();
    std::size_t found = 0;
    std::unordered_set<pid_t> groups;
    for (const auto& [pid, seen] : seen_) {
      if (!seen.is_ours) continue;
      if (is_group_of_the_run(seen.status)) groups.insert(seen.status.group);
      if (kill(pid, seen.status)) ++found;
    }
    remains_.groups = std::move(groups);
    return found;
  }

 private:
  /// Whether it can be the number of something that a run has begun. 1 never is, and as a group to
  /// kill it would mean everybody; 0 is a group or session outside of this container.
  static bool is_of_a_run(pid_t number) { return number > 1; }

  void see() {
    seen_.clear();
    for (const pid_t pid : all_processes().value_or(std::vector<pid_t>{})) {
      if (pid == ::getpid()) continue;
      Seen seen{status_of(pid)};
      if (seen.status.is_dead()) continue;
      seen.is_marked = is_of_a_run(pid) && bears_mark(environment_of(pid));
      seen_.emplace(pid, std::move(seen));
    }
  }

  bool bears_mark(std::string_view environment) const {
    const std::string name = remains_.variable + '=';
    while (!environment.empty()) {
      const std::string_view entry = environment.substr(0, environment.find('\0'));
      if (entry.substr(0, name.size()) == name &&
          entry.find(remains_.mark) != std::string_view::npos) {
        return true;
      }
      environment.remove_prefix(std::min(entry.size() + 1, environment.size()));
    }
    return false;
  }

  /// Whoever bears the mark and is in another session has begun it, or comes of one who has. In the
  /// dead process's own session there may be groups of others, such as the shell's, that one who
  /// bears the mark can join: those have a leader without it.
  void learn_groups() {
    for (const auto& [pid, seen] : seen_) {
      if (!seen.is_marked) continue;
      const ProcessStatus& status = seen.status;
      if (status.session != remains_.session) {
        if (is_of_a_run(status.session)) sessions_.insert(status.session);
      } else if (status.group != remains_.group) {
        const auto leader = seen_.find(status.group);
        if (leader == seen_.end() || leader->second.is_marked)
          groups_of_session_.insert(status.group);
      }
    }
    groups_of_session_.insert(remains_.groups.begin(), remains_.groups.end());
  }

  bool is_group_of_the_run(const ProcessStatus& status) const {
    return status.session == remains_.session ? groups_of_session_.contains(status.group)
                                              : sessions_.contains(status.session);
  }

  void find_ours() {
    for (auto& [pid, seen] : seen_)
      seen.is_ours = seen.is_marked || is_group_of_the_run(seen.status);
    // And what has been started by those. Of a run within this one the guard is left to its work.
    for (bool found = true; found;) {
      found = false;
      for (auto& [pid, seen] : seen_) {
        if (seen.is_ours || seen.status.name == Guard::process_name) continue;
        const auto parent = seen_.find(seen.status.parent);
        if (parent == seen_.end() || !parent->second.is_ours) continue;
        seen.is_ours = found = true;
      }
    }
  }

  /// False if it is gone, or not ours to kill.
  static bool kill(pid_t pid, const ProcessStatus& status) {
    const Descriptor process(::pidfd_open(pid, 0));
    // From here on the descriptor means one process. If that began when the one that was seen did,
    // it is that one: no number comes round within a clock tick.
    const bool is_gone = !process && errno == ESRCH;
    if (is_gone || status_of(pid).started != status.started) return false;
    if (!process) return ::kill(pid, SIGKILL) == 0;  // no descriptors are left
    return ::pidfd_send_signal(process.get(), SIGKILL, nullptr, 0) == 0;
  }

  Remains remains_;
  std::unordered_map<pid_t, Seen> seen_;
  std::unordered_set<pid_t> sessions_;           // that the run has begun
  std::unordered_set<pid_t> groups_of_session_;  // of the dead process's, those of the run
};

Milliseconds now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return Milliseconds(time.tv_sec * 1000 + time.tv_nsec / 1'000'000);
}

void sleep_for(Milliseconds pause) {
  const timespec time{0, pause.count() * 1'000'000};
  ::nanosleep(&time, nullptr);
}

}  // namespace

std::size_t kill_survivors(Remains remains, Milliseconds patience) {
  Survivors survivors(std::move(remains));
  const Milliseconds end = now() + patience;
  Milliseconds pause = first_sweep_pause;
  for (int quiet = 0;;) {
    const std::size_t found = survivors.look();
    quiet = found == 0 ? quiet + 1 : 0;
    if (quiet == quiet_looks || now() >= end) return found;
    sleep_for(pause);
    pause = std::min(2 * pause, longest_sweep_pause);
  }
}

}  // namespace weir::io
