#include "compile/table.hpp"

#include <algorithm>

#include "spec/columns.hpp"

namespace weir::compile {

std::string table(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], spec::columns(row[i]));
    }
  }
  std::string to;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths[i] == 0) continue;
      line += row[i] + std::string(widths[i] + 2 - spec::columns(row[i]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    to += "  " + line + "\n";
  }
  return to;
}

}  // namespace weir::compile
