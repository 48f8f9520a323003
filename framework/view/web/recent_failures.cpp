#include "view/web/recent_failures.hpp"

#include <charconv>
#include <exception>
#include <filesystem>

#include "view/text.hpp"

namespace weir::view {
namespace {

constexpr std::size_t kLongestItem = 200;
constexpr std::size_t kLongestLine = 500;

/// "logs/push/12.err" is of the item with the number 12.
std::optional<std::int64_t> number_in(const std::string& log) {
  const std::string name = std::filesystem::path(log).stem().string();
  std::int64_t number = 0;
  const char* const end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data(), end, number);
  return error == std::errc() && at == end && !name.empty() ? std::optional(number) : std::nullopt;
}

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
              one_line(end.item, kLongestItem),
              std::string(end.id),
              end.failure->error,
              end.failure->output,
              std::string(end.log),
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
    if (const auto number = number_in(kept.log)) one["number"] = *number;
    one["tail"] = lines_of(kept.output);
    list.push_back(std::move(one));
  }
  return list;
}

std::optional<std::int64_t> RecentFailures::number_of(const std::string& node,
                                                      const std::string& item) const {
  const std::lock_guard lock(mutex_);
  for (const Kept& kept : failures_) {
    if (kept.node == node && (kept.id == item || kept.item == item)) return number_in(kept.log);
  }
  return std::nullopt;
}

}  // namespace weir::view
