#include "view/web/recent_failures.hpp"

#include <algorithm>
#include <exception>

#include "view/text.hpp"

namespace weir::view {
namespace {

constexpr std::size_t kLongestFailed = 200;
constexpr std::size_t kLongestLine = 500;

nlohmann::ordered_json lines_of(std::string_view text) {
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    lines.push_back(one_line(line, kLongestLine));
  }
  return lines;
}

}  // namespace

void RecentFailures::item_ended(const runtime::ItemEnd& end) noexcept {
  if (end.failure == nullptr) return;
  try {
    Kept kept{std::string(end.node),
              one_line(end.item, kLongestFailed),
              std::string(end.id),
              end.failure->error,
              end.failure->output,
              std::string(end.log),
              end.number,
              end.failure->status,
              end.attempts,
              end.seconds};
    const std::lock_guard lock(mutex_);
    failures_.push_front(std::move(kept));
    if (failures_.size() > kMost) failures_.pop_back();
    ++total_;
  } catch (const std::exception&) {
    // No memory: the summary has the count.
  }
}

std::int64_t RecentFailures::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

nlohmann::ordered_json RecentFailures::json() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const std::lock_guard lock(mutex_);
  for (const Kept& kept : failures_) {
    nlohmann::ordered_json one = {{"node", kept.node},      {"item", kept.item},
                                  {"id", kept.id},          {"error", kept.error},
                                  {"status", kept.status},  {"attempts", kept.attempts},
                                  {"seconds", kept.seconds}};
    if (!kept.log.empty()) one["log"] = kept.log;
    if (kept.number != 0) one["number"] = kept.number;
    one["tail"] = lines_of(kept.output);
    list.push_back(std::move(one));
  }
  return list;
}

std::optional<std::int64_t> RecentFailures::number_of(const std::string& node,
                                                      const std::string& item) const {
  const std::lock_guard lock(mutex_);
  for (const Kept& kept : failures_) {
    if (kept.number == 0 || kept.node != node) continue;
    if (kept.id == item || kept.item == item) return kept.number;
  }
  return std::nullopt;
}

}  // namespace weir::view
