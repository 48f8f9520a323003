#include "compile/print_limits.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include <weir/process.hpp>
#include <weir/units.hpp>

#include "compile/table.hpp"

namespace weir::compile {
namespace {

/// "push (weight 2, memory 2GiB), pull"
std::string sharers_text(const Plan& plan, std::uint32_t limit) {
  std::string to;
  for (const PlannedNode& node : plan.nodes) {
    if (std::find(node.limits.begin(), node.limits.end(), limit) == node.limits.end()) continue;
    std::string takes;
    if (node.weight && plan.limits[limit].slots) takes = "weight " + node.weight->source();
    if (node.memory && plan.limits[limit].memory) {
      takes += (takes.empty() ? "memory " : ", memory ") + node.memory->source();
    }
    if (!to.empty()) to += ", ";
    to += takes.empty() ? node.name : fmt::format("{} ({})", node.name, takes);
  }
  return to;
}

std::string retry_text(const Retry& retry) {
  if (retry.attempts == 1) return "";
  std::string to = fmt::format("{} attempts, {}", retry.attempts, format_duration(retry.first));
  if (retry.longest != retry.first) to += ".." + format_duration(retry.longest);
  if (!retry.statuses.empty()) {
    to += fmt::format(", when status {}", fmt::join(retry.statuses, ", "));
  }
  if (!retry.match.empty()) {
    to += fmt::format("{} /{}/", retry.statuses.empty() ? ", when" : " or", retry.match);
  }
  return to;
}

std::string on_failure_text(const OnFailure& on_failure) {
  if (on_failure.items) return fmt::format("stop after {}", *on_failure.items);
  if (on_failure.percent) return fmt::format("stop after {}%", *on_failure.percent);
  return "";
}

std::string on_cancel_text(const std::vector<Template>& on_cancel) {
  if (on_cancel.empty()) return "";
  std::vector<std::string> argv;
  argv.reserve(on_cancel.size());
  for (const Template& argument : on_cancel) argv.push_back(argument.source());
  return "on cancel: " + shell_quoted(argv);
}

}  // namespace

std::string rate_text(std::chrono::nanoseconds interval) {
  const double per_second = 1e9 / static_cast<double>(interval.count());
  std::string text;
  for (const auto& [unit, seconds] : {std::pair{"s", 1}, {"m", 60}, {"h", 3600}}) {
    const double rate = per_second * seconds;
    const double whole = std::round(rate);
    if (whole >= 1 && std::abs(rate - whole) < 1e-6 * whole) {
      return fmt::format("{:.0f}/{}", whole, unit);
    }
    if (text.empty() && rate >= 1) text = fmt::format("{:.4g}/{}", rate, unit);
  }
  return text.empty() ? fmt::format("{:.4g}/h", per_second * 3600) : text;
}

std::string print_limits(const Plan& plan) {
  std::vector<TableRow> rows;
  for (std::uint32_t i = 0; i < plan.limits.size(); ++i) {
    const PlannedLimit& limit = plan.limits[i];
    TableRow& row = rows.emplace_back();
    row.push_back(limit.name);
    row.push_back(
        !limit.slots ? "" : fmt::format("{} slot{}", *limit.slots, *limit.slots == 1 ? "" : "s"));
    row.push_back(limit.interval ? rate_text(*limit.interval) : "");
    row.push_back(limit.memory ? format_size({*limit.memory}) : "");
    row.push_back(limit.per ? "per " + limit.per->source() : "");
    row.push_back("for " + sharers_text(plan, i));
  }
  return rows.empty() ? "" : "limits:\n" + table(rows);
}

std::string print_failures(const Plan& plan) {
  std::vector<TableRow> rows;
  for (const PlannedNode& node : plan.nodes) {
    TableRow row{node.name,
                 node.timeout ? "timeout " + format_duration(*node.timeout) : "",
                 retry_text(node.retry),
                 node.throttle
                     ? fmt::format("pause {} at /{}/", format_duration(node.throttle->pause),
                                   node.throttle->match)
                     : "",
                 on_failure_text(node.on_failure),
                 on_cancel_text(node.on_cancel)};
    const bool says_nothing = std::all_of(row.begin() + 1, row.end(),
                                          [](const std::string& cell) { return cell.empty(); });
    if (!says_nothing) rows.push_back(std::move(row));
  }
  return rows.empty() ? "" : "failures:\n" + table(rows);
}

}  // namespace weir::compile
