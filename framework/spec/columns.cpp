#include "spec/columns.hpp"

#include <algorithm>

#include "spec/column_table.hpp"
#include "spec/utf8.hpp"

namespace weir::spec {
namespace {

template <std::size_t N>
bool is_in(const std::array<CodeRange, N>& ranges, char32_t code) {
  const auto range = std::lower_bound(ranges.begin(), ranges.end(), code,
                                      [](const CodeRange& r, char32_t c) { return r.last < c; });
  return range != ranges.end() && range->first <= code;
}

}  // namespace

std::size_t columns(char32_t character) {
  if (character < 0x300) return 1;
  if (is_in(kNoColumns, character)) return 0;
  return is_in(kTwoColumns, character) ? 2 : 1;
}

std::size_t columns(std::string_view line) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t length = code_point_length(line, at);
    width += length == 0 ? 1 : columns(code_point(line, at));
    at += std::max<std::size_t>(length, 1);
  }
  return width;
}

}  // namespace weir::spec
