#pragma once

/// What the live page shows of a run, as JSON; framework/doc/seeing.md describes it.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runtime/status.hpp"
#include "view/held_back.hpp"
#include "view/rates.hpp"
#include "view/web/recent_failures.hpp"
#include "view/web/series.hpp"

namespace weir::view {

/// What a status doesn't tell.
struct EventExtras {
  std::string started;                 ///< ISO 8601
  std::optional<std::string> outcome;  ///< of a run that is over: "done", "failed"…
  std::optional<int> exit_code;        ///< likewise
  const Series* series = nullptr;
  const NodeRates* rates = nullptr;
  const HeldBack* held_back = nullptr;  ///< of a run that is over
  std::int64_t failures_total = 0;      ///< so many have been heard of
  /// Null: left out. They are the largest part, and seldom change.
  const RecentFailures* failures = nullptr;
  /// Null: left out, and of the series there is only the newest point.
  const nlohmann::ordered_json* graph = nullptr;
};

/// One line. What is not UTF-8 is replaced.
std::string event_json(const runtime::Status& status, const EventExtras& extras);

}  // namespace weir::view
