#include "io/proc.hpp"

#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>

#include "io/descriptor.hpp"

namespace weir::io {

namespace {

std::string read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = file ? ::read(file.get(), buffer, sizeof buffer) : 0;
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

/// The entries of a folder that are numbers; nullopt if it can't be read.
std::optional<std::vector<pid_t>> numbers_in(const char* folder) {
  const auto close = [](DIR* directory) { ::closedir(directory); };
  const std::unique_ptr<DIR, decltype(close)> directory(::opendir(folder), close);
  if (!directory) return std::nullopt;
  std::vector<pid_t> numbers;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (const pid_t number = std::atoi(entry->d_name); number > 0) numbers.push_back(number);
  }
  return numbers;
}

struct Status {
  char state = 'X';  ///< 'Z' and 'X' are dead
  pid_t parent = 0;
  pid_t group = 0;
};

/// The process may be gone already: then it is dead.
Status status_of(pid_t pid) {
  const std::string text = read_file("/proc/" + std::to_string(pid) + "/stat");
  // The name before these is in parentheses, and may hold some itself.
  const std::size_t behind_name = text.rfind(')');
  Status status;
  if (behind_name == std::string::npos) return status;
  std::istringstream rest(text.substr(behind_name + 1));
  rest >> status.state >> status.parent >> status.group;
  return status;
}

/// For kernels without CONFIG_PROC_CHILDREN.
std::vector<pid_t> children_by_parent() {
  std::vector<pid_t> children = numbers_in("/proc").value_or(std::vector<pid_t>{});
  std::erase_if(children, [self = ::getpid()](pid_t pid) { return status_of(pid).parent != self; });
  return children;
}

}  // namespace

std::vector<pid_t> children_of_this_process() {
  if (::access("/proc/thread-self/children", R_OK) != 0) return children_by_parent();
  std::vector<pid_t> children;
  for (const pid_t thread : numbers_in("/proc/self/task").value_or(std::vector<pid_t>{})) {
    std::istringstream list(read_file("/proc/self/task/" + std::to_string(thread) + "/children"));
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

std::optional<std::unordered_set<pid_t>> groups_alive() {
  const std::optional<std::vector<pid_t>> processes = numbers_in("/proc");
  if (!processes) return std::nullopt;
  std::unordered_set<pid_t> groups;
  for (const pid_t pid : *processes) {
    const Status status = status_of(pid);
    if (status.state != 'Z' && status.state != 'X') groups.insert(status.group);
  }
  return groups;
}

}  // namespace weir::io
