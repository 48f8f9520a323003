#include "spec/locate.hpp"

#include <string_view>

namespace weir::spec {

Place LocatedScalar::place(std::size_t begin, std::size_t end) {
  if (scalar_.style == TreeNode::Style::literal) return place_in_block(begin, end);
  if (!scalar_.verbatim) return scalar_.place;
  const std::size_t quote = scalar_.style == TreeNode::Style::quoted ? 1 : 0;
  const std::size_t text_begin = lines_.offset(scalar_.place.line, scalar_.place.column) + quote;
  return lines_.place(text_begin + begin, text_begin + end);
}

Place LocatedScalar::place_in_block(std::size_t begin, std::size_t end) {
  if (!rows_) rows_.emplace(scalar_.text);
  const std::size_t row = rows_->place(begin, end).line;
  const std::size_t row_begin = rows_->offset(row, 1);
  const std::string_view content = rows_->line(row);

  // The block's lines follow its header, less their indentation. Better no column than a wrong one.
  const std::size_t number = scalar_.place.line + row;
  const std::string_view line = lines_.line(number);
  if (line.size() < content.size() || begin < row_begin) return scalar_.place;
  const std::size_t indentation = line.size() - content.size();
  const bool is_this_line =
      line.substr(indentation) == content && line.find_first_not_of(' ') >= indentation;
  if (!is_this_line) return scalar_.place;
  const std::size_t line_begin = lines_.offset(number, 1) + indentation;
  return lines_.place(line_begin + (begin - row_begin), line_begin + (end - row_begin));
}

}  // namespace weir::spec
