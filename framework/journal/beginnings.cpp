#include "journal/beginnings.hpp"

#include <utility>

namespace weir::journal {
namespace {

constexpr std::size_t kMostSpare = 256;

}  // namespace

void Beginnings::add(Started event, Clock::time_point now) {
  if (spare_.empty()) spare_.emplace_back();
  const At at = spare_.begin();
  *at = {std::move(event), now};
  by_key_.emplace(at->event.key, at);
  waiting_.splice(waiting_.end(), spare_, at);
}

std::optional<Started> Beginnings::take(const std::string& node, const Key& key) {
  const auto [begin, end] = by_key_.equal_range(key);
  auto found = end;
  for (auto at = begin; at != end; ++at) {
    if (at->second->event.node != node) continue;
    if (found == end || found->second->event.started_ns < at->second->event.started_ns) found = at;
  }
  if (found == end) return std::nullopt;
  const At at = found->second;
  by_key_.erase(found);
  return take(at);
}

std::optional<Started> Beginnings::take_older(Clock::time_point than) {
  if (waiting_.empty() || waiting_.front().since >= than) return std::nullopt;
  const At at = waiting_.begin();
  const auto [begin, end] = by_key_.equal_range(at->event.key);
  for (auto of_key = begin; of_key != end; ++of_key) {
    if (of_key->second != at) continue;
    by_key_.erase(of_key);
    break;
  }
  return take(at);
}

Started Beginnings::take(At at) {
  Started event = std::move(at->event);
  if (spare_.size() < kMostSpare) {
    spare_.splice(spare_.begin(), waiting_, at);
  } else {
    waiting_.erase(at);
  }
  return event;
}

void Beginnings::clear() {
  waiting_.clear();
  by_key_.clear();
}

}  // namespace weir::journal
