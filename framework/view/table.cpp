#include "view/table.hpp"

#include <algorithm>

#include "view/terminal/columns.hpp"

namespace weir::view {

std::string table(const std::vector<TableRow>& rows, std::size_t left) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns(row[i]));
    }
  }
  std::string to;
  for (const TableRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) to += "  ";
      const std::string blanks(widths[i] - columns(row[i]), ' ');
      to += i < left ? row[i] + blanks : blanks + row[i];
    }
    to += '\n';
  }
  return to;
}

}  // namespace weir::view
