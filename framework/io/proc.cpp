#include "io/proc.hpp"

#include <algorithm>
#include <cstdint>
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

/// More than any file here holds: Linux takes environments of up to 6 MiB.
constexpr std::size_t longest_file = std::size_t{8} << 20;

std::string read_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = file ? ::read(file.get(), buffer, sizeof buffer) : 0;
    if (count <= 0 || text.size() >= longest_file) return text;
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

/// A process's /proc/…/stat, by the numbers that proc(5) gives its fields.
///
/// No streams and no locale: what runs after a fork must not need a lock of the C++ library's.
class Stat {
 public:
  explicit Stat(const std::string& process) {
    const std::string text = read_file("/proc/" + process + "/stat");
    // The name is in parentheses, and may hold some itself.
    const std::size_t name = text.find('(');
    const std::size_t behind_name = text.rfind(')');
    if (name == std::string::npos || behind_name == std::string::npos) return;
    name_ = text.substr(name + 1, behind_name - name - 1);
    for (std::size_t at = behind_name + 2; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      fields_.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }

  /// False if the process is gone.
  bool is_complete() const { return fields_.size() > last_field - 3; }
  const std::string& name() const { return name_; }
  const std::string& text(std::size_t field) const { return fields_[field - 3]; }
  unsigned long long number(std::size_t field) const {
    return std::strtoull(text(field).c_str(), nullptr, 10);
  }

 private:
  static constexpr std::size_t last_field = 51;  // that we need

  std::string name_;
  std::vector<std::string> fields_;  // from the third one on
};

/// For kernels without CONFIG_PROC_CHILDREN.
std::vector<pid_t> children_by_parent() {
  std::vector<pid_t> children = all_processes().value_or(std::vector<pid_t>{});
  std::erase_if(children, [self = ::getpid()](pid_t pid) { return status_of(pid).parent != self; });
  return children;
}

}  // namespace

ProcessStatus status_of(pid_t pid) {
  ProcessStatus status;
  const Stat stat(std::to_string(pid));
  if (!stat.is_complete()) return status;
  status.name = stat.name();
  status.state = stat.text(3).front();
  status.parent = static_cast<pid_t>(stat.number(4));
  status.group = static_cast<pid_t>(stat.number(5));
  status.session = static_cast<pid_t>(stat.number(6));
  status.started = stat.number(22);
  return status;
}

MemoryOfArguments memory_of_arguments() {
  const Stat stat("self");
  if (!stat.is_complete()) return {};
  const auto span = [&](std::size_t begin_field) -> std::span<char> {
    const std::uintptr_t begin = stat.number(begin_field);
    const std::uintptr_t end = stat.number(begin_field + 1);
    if (begin == 0 || end <= begin) return {};
    return {reinterpret_cast<char*>(begin), end - begin};
  };
  return {span(48), span(50)};
}

std::string environment_of(pid_t pid) {
  return read_file("/proc/" + std::to_string(pid) + "/environ");
}

std::optional<std::vector<pid_t>> all_processes() { return numbers_in("/proc"); }

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
  const std::optional<std::vector<pid_t>> processes = all_processes();
  if (!processes) return std::nullopt;
  std::unordered_set<pid_t> groups;
  for (const pid_t pid : *processes) {
    const ProcessStatus status = status_of(pid);
    if (!status.is_dead()) groups.insert(status.group);
  }
  return groups;
}

}  // namespace weir::io
