#pragma once

/// What a failed item means: another attempt, a pause, the end of the run.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <weir/process.hpp>

#include "compile/plan.hpp"

namespace re2 {
class RE2;
}

namespace weir::runtime {

/// One function's `retry` and `throttle`. Safe from any thread.
class FailurePolicy {
 public:
  explicit FailurePolicy(const compile::PlannedNode& planned);
  ~FailurePolicy();

  /// Whether it looks at what commands wrote.
  bool reads_output() const { return retry_match_ != nullptr || throttle_match_ != nullptr; }

  /// Whether a failure is worth another attempt, if there is one left. `output` is what its command
  /// wrote, beside what the failure has of it.
  bool is_to_be_retried(const Failure& failure, std::string_view output) const;

  /// How long the function's limits are to pause because of it; nullopt: not at all. A line
  /// `Retry-After: N` in the output says it in seconds (RFC 9110, 10.2.3), up to a day; parts of a
  /// second, which other programs write, count as a whole one.
  std::optional<std::chrono::nanoseconds> pause(const Failure& failure,
                                                std::string_view output) const;

 private:
  const compile::Retry& retry_;
  const std::optional<compile::Throttle>& throttle_;
  std::unique_ptr<re2::RE2> retry_match_;
  std::unique_ptr<re2::RE2> throttle_match_;
};

/// Why the run is to be stopped, now that so many items of a function have failed; empty if it
/// goes on. "3 items have failed (on_failure: stop after 3)".
std::string reason_to_stop(const compile::OnFailure& on_failure, std::int64_t failed,
                           std::int64_t ended);

}  // namespace weir::runtime
