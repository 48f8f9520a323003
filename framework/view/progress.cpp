#include "view/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "view/output.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

constexpr std::size_t kItemWidth = 120;
constexpr std::size_t kLineWidth = 400;
/// Failures of a node that computes, which may have millions.
constexpr int kFailuresShown = 10;

std::string_view to_string(abi::End end) {
  switch (end) {
    case abi::End::done:
      return "done";
    case abi::End::failed:
      return "failed";
    case abi::End::cancelled:
      return "cancelled";
  }
  return "?";
}

std::string failure_lines(const runtime::ItemEnd& end) {
  std::string to = ": " + one_line(end.failure->error, kLineWidth) + "\n";
  std::string_view rest = end.failure->output;
  while (!rest.empty()) {
    const std::size_t length = rest.find('\n');
    to += "    | " + one_line(rest.substr(0, length), kLineWidth) + "\n";
    rest = length == rest.npos ? std::string_view() : rest.substr(length + 1);
  }
  return to;
}

}  // namespace

void PlainProgress::item_ended(const runtime::ItemEnd& end) noexcept {
  if (options_.quiet && end.failure == nullptr) return;
  try {
    std::string to;
    if (end.waits) {
      to = fmt::format("[{} {}/{}] {} {} {}", end.node, end.ended, end.arrived, to_string(end.end),
                       short_time(end.seconds), one_line(end.item, kItemWidth));
    } else {
      to = fmt::format("[{}] {} {}", end.node, to_string(end.end), one_line(end.item, kItemWidth));
      const std::lock_guard lock(error_mutex_);
      const int shown = ++failures_shown_.try_emplace(std::string(end.node), 0).first->second;
      if (shown > kFailuresShown) return;
      if (shown == kFailuresShown) {
        to += failure_lines(end);
        to += fmt::format("[{}] further failures are counted, not shown", end.node);
        return show(to + "\n");
      }
    }
    to += end.failure != nullptr ? failure_lines(end) : "\n";
    show(to);
  } catch (const std::exception&) {
    // No memory for a line: the count in the summary has it.
  }
}

void PlainProgress::note(std::string_view node, std::string_view line) noexcept {
  try {
    show((node.empty() ? "weir: " : fmt::format("[{}] ", node)) + one_line(line, 2000) + "\n");
  } catch (const std::exception&) {
    // as above
  }
}

std::string PlainProgress::print(std::string_view lines) noexcept {
  const std::lock_guard lock(output_mutex_);
  return write_all(STDOUT_FILENO, lines);
}

void PlainProgress::show(const std::string& lines) noexcept {
  // One write a message: lines of several threads, and of the children, don't mix.
  write_all(STDERR_FILENO, lines);
}

}  // namespace weir::view
