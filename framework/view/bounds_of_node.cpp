#include "view/bounds_of_node.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <vector>

#include "view/text.hpp"

namespace weir::view {
namespace {

using runtime::LimitState;
using runtime::LimitStatus;
using runtime::NodeStatus;
using runtime::Status;

constexpr std::size_t kLongestKey = 40;

bool is_of(const LimitStatus& limit, const NodeStatus& node) {
  return limit.is_own
             ? limit.name == node.name
             : std::find(node.limits.begin(), node.limits.end(), limit.name) != node.limits.end();
}

/// ", 1 held by sign": what others have of it.
std::string others_text(const LimitState& state, const std::vector<std::string>& itself) {
  std::map<std::string, int> others;
  for (const runtime::HolderStatus& holder : state.holders) {
    if (std::find(itself.begin(), itself.end(), holder.node) == itself.end()) {
      ++others[holder.node];
    }
  }
  std::vector<std::string> texts;
  texts.reserve(others.size());
  for (const auto& [name, count] : others)
    texts.push_back(fmt::format("{} held by {}", count, name));
  return texts.empty() ? "" : fmt::format(", {}", fmt::join(texts, ", "));
}

std::string slots_text(std::int64_t slots) {
  return fmt::format("{} slot{}", slots, slots == 1 ? "" : "s");
}

/// "its limit", "limit registry", "limit network for 'a' and 2 more"
std::string name_of(const LimitStatus& limit, const LimitState& state, std::size_t more) {
  if (limit.is_own) return "its limit";
  std::string name = "limit " + limit.name;
  if (limit.per.empty()) return name;
  name += fmt::format(" for '{}'", one_line(state.key, kLongestKey));
  return more == 0 ? name : fmt::format("{} and {} more", name, more);
}

std::string text_of(HeldFor cause, const LimitStatus& limit, const LimitState& state,
                    std::size_t more, const std::vector<std::string>& itself) {
  const std::string name = name_of(limit, state, more);
  switch (cause) {
    case HeldFor::zero:
      return fmt::format("paused: {} is set to 0", name);
    case HeldFor::pause:
      return fmt::format("paused for {} more by a throttle{}", short_time(*state.paused_for),
                         limit.is_own ? "" : " of " + name);
    case HeldFor::slots:
      return fmt::format("bound by {} ({}{})", name, slots_text(*limit.slots),
                         more == 0 ? others_text(state, itself) : " each");
    case HeldFor::memory:
      return fmt::format("bound by {} ({} of {} of memory taken)", name,
                         short_size(state.memory_taken), short_size(*limit.memory));
    case HeldFor::rate: {
      const std::string rate = rate_of_starts(limit.interval.value_or(0));
      return fmt::format("{} allowed by {}, next start in {}", rate.empty() ? "no more" : rate,
                         name, short_time(*state.next_start));
    }
    case HeldFor::turn:
      break;
  }
  return limit.slots ? fmt::format("in line at {} ({} of {} taken)", name, state.taken,
                                   slots_text(*limit.slots))
                     : fmt::format("in line at {}", name);
}

std::string lasting_text_of(HeldFor cause, const LimitStatus& limit, const LimitState& state,
                            std::size_t more) {
  const std::string name = name_of(limit, state, more);
  switch (cause) {
    case HeldFor::zero:
      return fmt::format("paused: {} was set to 0", name);
    case HeldFor::pause:
      return fmt::format("paused by a throttle{}", limit.is_own ? "" : " of " + name);
    case HeldFor::slots:
      return fmt::format("bound by {} ({}{})", name, slots_text(*limit.slots),
                         more == 0 ? "" : " each");
    case HeldFor::memory:
      return fmt::format("bound by {} ({} of memory)", name, short_size(*limit.memory));
    case HeldFor::rate: {
      const std::string rate = rate_of_starts(limit.interval.value_or(0));
      return fmt::format("{} allowed by {}", rate.empty() ? "no more" : rate, name);
    }
    case HeldFor::turn:
      break;
  }
  return "in line at " + name;
}

/// `Text` tells of a cause, a limit, its state, and how many more keys of it are like that.
template <class Text>
std::string text_of_limits(const Status& status, const NodeStatus& node, const Text& text_of) {
  std::vector<std::string> bounds;
  std::string turn;
  for (const LimitStatus& limit : status.limits) {
    if (!is_of(limit, node)) continue;
    // Keys that are held back for the same reason are named together.
    std::map<HeldFor, std::vector<const LimitState*>> states;
    for (const LimitState& state : limit.states) {
      if (waits_at(node.name, state)) states[held_for(limit, state)].push_back(&state);
    }
    for (const auto& [cause, alike] : states) {
      std::string text = text_of(cause, limit, *alike.front(), alike.size() - 1);
      if (cause == HeldFor::turn) {
        turn = std::move(text);
      } else {
        bounds.push_back(std::move(text));
      }
    }
  }
  if (!bounds.empty()) return fmt::format("{}", fmt::join(bounds, " and "));
  if (node.limit && node.running >= *node.limit) return "bound by its limit";
  return turn;
}

}  // namespace

HeldFor held_for(const LimitStatus& limit, const LimitState& state) {
  if (limit.slots == 0) return HeldFor::zero;
  if (state.paused_for) return HeldFor::pause;
  if (limit.slots && state.taken >= *limit.slots) return HeldFor::slots;
  if (state.next_start) return HeldFor::rate;
  if (limit.memory && state.memory_taken > 0) return HeldFor::memory;
  return HeldFor::turn;
}

bool waits_at(const std::string& node, const LimitState& state) {
  return std::any_of(state.waiters.begin(), state.waiters.end(),
                     [&](const runtime::WaiterStatus& waiter) { return waiter.node == node; });
}

std::optional<std::int64_t> most_running(const Status& status, const NodeStatus& node) {
  std::optional<std::int64_t> most = node.limit;
  for (const LimitStatus& limit : status.limits) {
    // Of a limit that others share it is not all of it; nor is it known where items take several.
    if (!is_of(limit, node) || !limit.slots || !limit.per.empty() || limit.states.size() != 1 ||
        limit.states.front().taken != node.running) {
      continue;
    }
    most = std::min(most.value_or(*limit.slots), *limit.slots);
  }
  return most && *most > 0 ? most : std::nullopt;
}

std::string running_text(const Status& status, const NodeStatus& node) {
  const std::optional<std::int64_t> most = most_running(status, node);
  const std::string running = node.running == 0 ? "none" : std::to_string(node.running);
  return most ? fmt::format("{} of {} running", running, *most) : running + " running";
}

std::string limits_text(const Status& status, const NodeStatus& node) {
  return limits_text(status, node, {node.name});
}

std::string limits_text(const Status& status, const NodeStatus& node,
                        const std::vector<std::string>& itself) {
  return text_of_limits(
      status, node,
      [&](HeldFor cause, const LimitStatus& limit, const LimitState& state, std::size_t more) {
        return text_of(cause, limit, state, more, itself);
      });
}

std::string lasting_limits_text(const Status& status, const NodeStatus& node) {
  return text_of_limits(status, node, lasting_text_of);
}

std::vector<std::string> limits_waited_for(const Status& status, const NodeStatus& node) {
  std::vector<std::string> names;
  for (const LimitStatus& limit : status.limits) {
    const bool is_waited_for =
        is_of(limit, node) &&
        std::any_of(limit.states.begin(), limit.states.end(),
                    [&](const LimitState& state) { return waits_at(node.name, state); });
    if (is_waited_for) names.push_back(limit.name);
  }
  return names;
}

bool wait_together(const Status& status, const NodeStatus& a, const NodeStatus& b) {
  return std::any_of(status.limits.begin(), status.limits.end(), [&](const LimitStatus& limit) {
    return is_of(limit, a) && is_of(limit, b) &&
           std::any_of(limit.states.begin(), limit.states.end(), [&](const LimitState& state) {
             return waits_at(a.name, state) && waits_at(b.name, state);
           });
  });
}

}  // namespace weir::view
