#include "runtime/failure_policy.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <re2/re2.h>

namespace weir::runtime {
namespace {

/// As compile has checked it: it is valid.
std::unique_ptr<re2::RE2> pattern(const std::string& text) {
  if (text.empty()) return nullptr;
  return std::make_unique<re2::RE2>(text, re2::RE2::Quiet);
}

/// Why it failed, in words: of a command "timed out after 10m", and not the command itself, which
/// says nothing of why.
std::string_view reason(const Failure& failure) {
  const std::string_view error = failure.error;
  const std::size_t behind_command = failure.command.empty() ? error.npos : error.rfind("` ");
  return behind_command == error.npos ? error : error.substr(behind_command + 2);
}

bool is_in(const re2::RE2& match, const Failure& failure, std::string_view output) {
  const auto matches = [&](std::string_view text) {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), match);
  };
  return matches(reason(failure)) || matches(failure.output) || matches(output);
}

/// What a `Retry-After: N` in it says.
std::optional<std::chrono::seconds> retry_after(std::string_view output) {
  // Not at the end of another name, such as X-Retry-After.
  static const re2::RE2 line(
      R"((?i)(?:^|[^a-z0-9_-])retry-after:[ \t]*0*([0-9]+)(?:\.([0-9]+))?\b)");
  constexpr std::chrono::seconds kDay{86'400};
  constexpr std::size_t kDigitsOfDay = 5;
  std::string whole;
  std::string part;
  if (!re2::RE2::PartialMatch(re2::StringPiece(output.data(), output.size()), line, &whole,
                              &part)) {
    return std::nullopt;
  }
  if (whole.size() > kDigitsOfDay) return kDay;
  const bool is_more = part.find_first_not_of('0') != part.npos;
  return std::min(kDay, std::chrono::seconds(std::stoi(whole) + (is_more ? 1 : 0)));
}

}  // namespace

FailurePolicy::FailurePolicy(const compile::PlannedNode& planned)
    : retry_(planned.retry),
      throttle_(planned.throttle),
      retry_match_(pattern(planned.retry.match)),
      throttle_match_(planned.throttle ? pattern(planned.throttle->match) : nullptr) {}

FailurePolicy::~FailurePolicy() = default;

bool FailurePolicy::is_to_be_retried(const Failure& failure, std::string_view output) const {
  if (retry_.statuses.empty() && retry_match_ == nullptr) return true;
  const bool by_status = std::find(retry_.statuses.begin(), retry_.statuses.end(),
                                   failure.status) != retry_.statuses.end();
  return by_status || (retry_match_ != nullptr && is_in(*retry_match_, failure, output));
}

std::optional<std::chrono::nanoseconds> FailurePolicy::pause(const Failure& failure,
                                                             std::string_view output) const {
  if (throttle_match_ == nullptr || !is_in(*throttle_match_, failure, output)) return std::nullopt;
  for (const std::string_view text : {output, std::string_view(failure.output)}) {
    if (const auto seconds = retry_after(text)) return seconds;
  }
  return throttle_->pause;
}

std::string reason_to_stop(const compile::OnFailure& on_failure, std::int64_t failed,
                           std::int64_t ended) {
  const char* const items = failed == 1 ? "item has" : "items have";
  if (on_failure.items && failed >= *on_failure.items) {
    return *on_failure.items == 1 ? fmt::format("{} {} failed (on_failure: stop)", failed, items)
                                  : fmt::format("{} {} failed (on_failure: stop after {})", failed,
                                                items, *on_failure.items);
  }
  if (!on_failure.percent) return {};
  // One of a few is a large share: as many have to have ended as make the share a whole item.
  const double share = 100.0 * static_cast<double>(failed) / static_cast<double>(ended);
  const bool are_enough = static_cast<double>(ended) * *on_failure.percent >= 100.0;
  if (!are_enough || share < *on_failure.percent) return {};
  return fmt::format("{} of {} items failed (on_failure: stop after {}%)", failed, ended,
                     *on_failure.percent);
}

}  // namespace weir::runtime
