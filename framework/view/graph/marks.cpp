#include "view/graph/marks.hpp"

#include <fmt/format.h>

#include "view/text.hpp"

namespace weir::view {

const NodeMarks* find_marks(const Marks* marks, std::string_view node) {
  if (marks == nullptr) return nullptr;
  const auto found = marks->nodes.find(node);
  return found == marks->nodes.end() ? nullptr : &found->second;
}

std::string counts_text(const NodeMarks& marks) {
  std::string text = fmt::format("{} done", marks.done);
  const auto add = [&](std::int64_t count, const char* what) {
    if (count != 0) text += fmt::format(", {} {}", count, what);
  };
  add(marks.failed, "failed");
  add(marks.cancelled, "cancelled");
  add(marks.cut_off, "cut off");
  add(marks.running, "running");
  add(marks.waiting, "waiting");
  return text;
}

std::string note_text(const NodeMarks& marks) {
  if (!marks.is_bottleneck) return marks.note;
  return marks.note.empty() ? "bottleneck" : "bottleneck: " + marks.note;
}

std::string run_text(const Marks& marks) {
  return fmt::format("{}: {}, {} after its start", marks.run, marks.state,
                     short_time(marks.seconds));
}

}  // namespace weir::view
