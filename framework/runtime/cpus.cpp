#include "runtime/cpus.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sched.h>
#include <sstream>
#include <string>

namespace weir::runtime {
namespace {

namespace fs = std::filesystem;

int affinity() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

/// CPUs by a group's `cpu.max` (v2): "150000 100000", or "max 100000".
std::optional<double> quota_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return std::nullopt;
  return std::strtod(quota.c_str(), nullptr) / period;
}

std::optional<double> quota_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us");
  std::ifstream period_file(group / "cpu.cfs_period_us");
  double quota = 0;
  double period = 0;
  if (!(quota_file >> quota) || !(period_file >> period) || quota <= 0 || period <= 0) {
    return std::nullopt;
  }
  return quota / period;
}

/// The smallest quota from a group up to the root of its hierarchy.
template <class Quota>
double smallest(const fs::path& root, const std::string& group, Quota quota) {
  double smallest = HUGE_VAL;
  fs::path relative = fs::path(group).relative_path();
  for (;;) {
    // To a path behind which an empty one was put, libstdc++ can't add where there is no memory.
    const fs::path at = relative.empty() ? root : root / relative;
    if (const auto cpus = quota(at)) smallest = std::min(smallest, *cpus);
    if (relative.empty()) break;
    relative = relative.parent_path();
  }
  return smallest;
}

double cgroup_cpus() {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  double cpus = HUGE_VAL;
  while (std::getline(file, line)) {
    // "0::/group" (v2), "4:cpu,cpuacct:/group" (v1)
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (controllers.empty()) {
      cpus = std::min(cpus, smallest("/sys/fs/cgroup", group, quota_v2));
      continue;
    }
    std::istringstream names(controllers);
    std::string name;
    while (std::getline(names, name, ',')) {
      if (name == "cpu") {
        cpus = std::min(cpus, smallest("/sys/fs/cgroup/" + controllers, group, quota_v1));
      }
    }
  }
  return cpus;
}

}  // namespace

int available_cpus() {
  const double quota = cgroup_cpus();
  const int cpus = affinity();
  if (quota >= cpus) return cpus;
  return std::max(1, static_cast<int>(std::ceil(quota)));
}

}  // namespace weir::runtime
