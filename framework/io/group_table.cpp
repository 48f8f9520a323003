#include "io/group_table.hpp"

#include <cerrno>
#include <signal.h>
#include <sys/mman.h>
#include <system_error>
#include <utility>

namespace weir::io {

namespace {

constexpr std::size_t most_groups = 65536;
constexpr std::size_t table_size = most_groups * sizeof(std::atomic<pid_t>);

class RecordedStragglers final : public Stragglers {
 public:
  RecordedStragglers(std::unique_ptr<Stragglers> stragglers, GroupTable& table)
      : stragglers_(std::move(stragglers)), table_(table) {}

  void leader_started(pid_t pid) override {
    orphaned_.erase(pid);
    table_.add(pid);
    table_.starting().store(0, std::memory_order_relaxed);
    stragglers_->leader_started(pid);
  }

  void leader_reaped(pid_t pid, int last_signal) override {
    stragglers_->leader_reaped(pid, last_signal);
    if (is_gone(pid)) {
      table_.remove(pid);
    } else {
      orphaned_.insert(pid);
    }
  }

  bool sweep(int signal) override {
    const bool left = stragglers_->sweep(signal);
    std::erase_if(orphaned_, [this](pid_t group) {
      if (!is_gone(group)) return false;
      table_.remove(group);
      return true;
    });
    return left;
  }

 private:
  /// A group's number can't mean another one while it has a member. A process that has the number
  /// is a sign that it came to mean another: the leader has been reaped.
  static bool is_gone(pid_t group) {
    return (::kill(-group, 0) != 0 && errno == ESRCH) || ::kill(group, 0) == 0 || errno == EPERM;
  }

  std::unique_ptr<Stragglers> stragglers_;
  GroupTable& table_;
  std::unordered_set<pid_t> orphaned_;  // in the table, without a leader
};

}  // namespace

GroupTable::GroupTable() {
  void* const memory = ::mmap(nullptr, table_size, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);  // all 0
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  slots_ = static_cast<std::atomic<pid_t>*>(memory);
}

GroupTable::~GroupTable() { ::munmap(slots_, table_size); }

void GroupTable::add(pid_t group) {
  std::size_t slot = used_;
  if (const auto known = slot_of_.find(group); known != slot_of_.end()) return;
  if (!free_.empty()) {
    slot = free_.back();
    free_.pop_back();
  } else if (used_ < most_groups) {
    ++used_;
  } else {
    return;
  }
  slots_[slot].store(group, std::memory_order_relaxed);
  slot_of_.emplace(group, slot);
}

void GroupTable::remove(pid_t group) {
  const auto known = slot_of_.find(group);
  if (known == slot_of_.end()) return;
  slots_[known->second].store(0, std::memory_order_relaxed);
  free_.push_back(known->second);
  slot_of_.erase(known);
}

std::unordered_set<pid_t> GroupTable::groups() const {
  std::unordered_set<pid_t> groups;
  for (std::size_t slot = 0; slot < most_groups; ++slot) {
    if (const pid_t group = slots_[slot].load(std::memory_order_relaxed); group != 0) {
      groups.insert(group);
    }
  }
  return groups;
}

std::unique_ptr<Stragglers> recorded(std::unique_ptr<Stragglers> stragglers, GroupTable& table) {
  return std::make_unique<RecordedStragglers>(std::move(stragglers), table);
}

}  // namespace weir::io
