#include "spec/lines.hpp"

#include <algorithm>

namespace weir::spec {

namespace {

constexpr std::size_t stride = 256;

/// Every byte but a continuation byte begins a code point. (Invalid UTF-8 never gets far enough
/// for the difference to matter.)
bool begins_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

Lines::Lines(std::string_view text) : text_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.substr(0, 3) == byte_order_mark) text_.remove_prefix(3);

  starts_.push_back(0);
  std::uint32_t code_points = 0;
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (at % stride == 0) checkpoints_.push_back(code_points);
    if (begins_code_point(text_[at])) ++code_points;
    if (text_[at] == '\n' && at + 1 < text_.size()) starts_.push_back(at + 1);
  }
  checkpoints_.push_back(code_points);
}

std::string_view Lines::line(std::size_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t start = starts_[number - 1];
  const std::size_t next = number < starts_.size() ? starts_[number] : text_.size();
  std::string_view line = text_.substr(start, next - start);
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::size_t Lines::code_points_before(std::size_t offset) const {
  const std::size_t checkpoint = std::min(offset / stride, checkpoints_.size() - 1);
  std::size_t count = checkpoints_[checkpoint];
  for (std::size_t at = checkpoint * stride; at < std::min(offset, text_.size()); ++at) {
    if (begins_code_point(text_[at])) ++count;
  }
  return count;
}

Place Lines::place(std::size_t begin, std::size_t end) const {
  if (begin >= text_.size()) {
    const std::size_t last = text_.find_last_not_of(" \t\r\n");
    begin = last == std::string_view::npos ? 0 : last + 1;
    end = begin;
  }
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), begin);
  const auto number = static_cast<std::size_t>(next - starts_.begin());
  const std::size_t start = starts_[number - 1];
  const std::size_t line_end = start + line(number).size();
  begin = std::min(begin, line_end);
  end = std::min(std::max(begin, end), line_end);

  const std::size_t before = code_points_before(begin);
  Place place;
  place.line = static_cast<std::uint32_t>(number);
  place.column = static_cast<std::uint32_t>(before - code_points_before(start) + 1);
  place.length = static_cast<std::uint32_t>(
      std::max<std::size_t>(1, end == begin ? 0 : code_points_before(end) - before));
  return place;
}

std::size_t Lines::offset(std::size_t number, std::size_t column) const {
  if (number == 0 || number > starts_.size()) return text_.size();
  const std::size_t start = starts_[number - 1];
  const std::size_t end = start + line(number).size();
  const std::size_t wanted = code_points_before(start) + (column == 0 ? 0 : column - 1);

  // The last checkpoint that has not passed it yet, then on byte by byte.
  const auto beyond = std::upper_bound(checkpoints_.begin(), checkpoints_.end(), wanted);
  const auto checkpoint = static_cast<std::size_t>(beyond - checkpoints_.begin()) - 1;
  std::size_t at = checkpoint * stride;
  std::size_t count = checkpoints_[checkpoint];
  for (; at < end; ++at) {
    if (!begins_code_point(text_[at])) continue;
    if (count == wanted) break;
    ++count;
  }
  return std::clamp(at, start, end);
}

}  // namespace weir::spec
