#include "view/progress.hpp"

#include <fmt/format.h>

#include <weir/process.hpp>

#include "view/terminal/shown_line.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

constexpr std::size_t kItemWidth = 120;
constexpr std::size_t kLineWidth = 400;
/// Failures of a node that computes, and cancelled items, of which there may be very many.
constexpr int kShown = 10;
/// Failed attempts of an item: with its end, three lines.
constexpr std::int64_t kShownAttempts = 2;

/// Enough of it to be the only one, for all that can be expected.
std::string_view short_id(std::string_view id) { return id.substr(0, 12); }

/// What its command wrote last, as all of it would be shown.
std::string tail_lines(std::string_view output, bool keeps_colours) {
  std::string to;
  const LineSplitter::Line add = [&](std::string_view line) {
    to += "    | " + shown_line(line, keeps_colours, kLineWidth) + "\n";
  };
  LineSplitter splitter;
  splitter.feed(output, add);
  splitter.finish(add);
  return to;
}

std::string failure_lines(const runtime::ItemEnd& end, const std::string& run, bool keeps_colours) {
  std::string to = ": " + one_line(end.failure->error, kLineWidth) + "\n";
  if (!end.output_is_shown) to += tail_lines(end.failure->output, keeps_colours);
  const std::string id(short_id(end.id));
  if (end.attempts > 1) to += fmt::format("    after {} attempts\n", end.attempts);
  if (!end.log.empty()) {
    to += fmt::format("    log: weir logs {} (in {})\n",
                      shell_quoted({run, std::string(end.node), id}), end.log);
  }
  if (!run.empty() && !end.id.empty()) {
    const std::string again(short_id(end.again.empty() ? end.id : end.again));
    to += fmt::format("    again: weir rerun {}\n", shell_quoted({run, again}));
  }
  return to;
}

}  // namespace

void LineProgress::item_ended(const runtime::ItemEnd& end) noexcept {
  if (options_.only_failures && end.failure == nullptr) return;
  try {
    // What can come by the thousand at once is cut short: the summary has the count.
    const bool many = !end.waits || end.end == abi::End::cancelled;
    const int shown = many ? count_shown(end.node) : 0;
    if (shown > kShown) return;
    std::string to = end.waits
                         ? fmt::format("[{} {}/{}] {} {} {}", end.node, end.ended, end.arrived,
                                       to_string(end.end), short_time(end.seconds),
                                       one_line(end.item, kItemWidth))
                         : fmt::format("[{}] {} {}", end.node, to_string(end.end),
                                       one_line(end.item, kItemWidth));
    to += end.failure != nullptr ? failure_lines(end, options_.run, options_.keeps_colours) : "\n";
    if (shown == kShown) {
      to += fmt::format("[{}] further {} items are counted, not shown\n", end.node,
                        to_string(end.end));
    }
    console_.error(to);
  } catch (const std::exception&) {
    // No memory for a line: the count in the summary has it.
  }
}

void LineProgress::attempt_failed(const runtime::FailedAttempt& attempt) noexcept {
  if (!options_.tells_attempts || (attempt.wait && attempt.attempt > kShownAttempts)) return;
  try {
    const std::string next = !attempt.wait       ? "no other one: nothing more is begun"
                             : *attempt.wait > 0 ? "the next in " + short_time(*attempt.wait)
                                                 : "the next at once";
    console_.error(fmt::format("[{}] attempt {} of {} failed {} {}: {}; {}\n", attempt.node,
                               attempt.attempt, attempt.attempts, short_time(attempt.seconds),
                               one_line(attempt.item, kItemWidth),
                               one_line(attempt.failure->error, kLineWidth), next));
  } catch (const std::exception&) {
    // as above
  }
}

int LineProgress::count_shown(std::string_view node) {
  const std::lock_guard lock(mutex_);
  return ++shown_.try_emplace(std::string(node), 0).first->second;
}

void LineProgress::note(std::string_view node, std::string_view line) noexcept {
  try {
    console_.error((node.empty() ? "weir: " : fmt::format("[{}] ", node)) + one_line(line, 2000) +
                   "\n");
  } catch (const std::exception&) {
    // as above
  }
}

std::unique_ptr<runtime::OutputTap> LineProgress::tap(std::string_view node, std::string_view item,
                                                      std::int64_t attempt) noexcept {
  try {
    return output_tap(options_.output, console_, options_.keeps_colours, node, item, attempt);
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace weir::view
