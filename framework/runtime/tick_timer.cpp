#include "runtime/tick_timer.hpp"

#include <algorithm>
#include <chrono>

namespace weir::runtime {

void TickTimer::look() noexcept {
  const auto due = node_.instance->due();
  if (!due || under_way_.exchange(true)) return;
  // What is due and was not done had no credit: it is tried again a little later.
  constexpr std::chrono::nanoseconds kSoonest = std::chrono::milliseconds(1);
  const auto after = *due - std::chrono::steady_clock::now();
  node_.control.reactor().start_timer(*this, std::max<std::chrono::nanoseconds>(after, kSoonest));
}

void TickTimer::complete(bool cancelled) noexcept {
  under_way_.store(false);
  if (cancelled || !node_.open_one_more()) return;
  node_.again.deliver(node_.again.target, {nullptr, &node_.again, 0});
}

}  // namespace weir::runtime
