#include "view/graph/marks.hpp"

#include <fmt/format.h>

namespace weir::view {

std::string counts_text(const NodeMarks& marks) {
  std::string text = fmt::format("{} done", marks.done);
  const auto add = [&](std::int64_t count, const char* what) {
    if (count != 0) text += fmt::format(", {} {}", count, what);
  };
  add(marks.failed, "failed");
  add(marks.cancelled, "cancelled");
  add(marks.running, "running");
  add(marks.waiting, "waiting");
  return text;
}

}  // namespace weir::view
