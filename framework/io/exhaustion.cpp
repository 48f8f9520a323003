#include "io/exhaustion.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/resource.h>
#include <utility>

namespace weir::io {

namespace {

std::string limit_of(__rlimit_resource resource) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return "not limited";
  return std::to_string(limit.rlim_cur);
}

}  // namespace

std::string what_has_run_out(int error) {
  switch (error) {
    case EMFILE:
      return "no more descriptors (`ulimit -n` is " + limit_of(RLIMIT_NOFILE) + ")";
    case ENFILE:
      return "the system has no more descriptors (/proc/sys/fs/file-max)";
    case EAGAIN:
      return "no more processes can be started (`ulimit -u` is " + limit_of(RLIMIT_NPROC) +
             "; a control group's pids.max and the system have limits, too)";
    case ENOSPC:
      return "no more descriptors can be watched (/proc/sys/fs/epoll/max_user_watches)";
    default:
      return "no memory for more processes";
  }
}

bool is_exhaustion(int error) {
  return error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM ||
         error == ENOSPC;
}

std::string explain_exhaustion(int error) {
  return what_has_run_out(error) + ": fewer commands run at once";
}

std::string explain_stuck(int error, std::chrono::nanoseconds after) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(after);
  return "no command runs, and none could be started for " + std::to_string(seconds.count()) +
         " s: " + what_has_run_out(error);
}

ExhaustionNotes::ExhaustionNotes(std::function<void(const std::string& line)> note)
    : note_(std::move(note)) {}

void ExhaustionNotes::has_come(int error) {
  if (!note_ || std::find(said_.begin(), said_.end(), error) != said_.end()) return;
  said_.push_back(error);
  note_(explain_exhaustion(error));
}

}  // namespace weir::io
