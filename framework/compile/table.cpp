#include "compile/table.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir::compile {

std::string table(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string to;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += fmt::format("{:<{}}", row[i], widths[i] == 0 ? 0 : widths[i] + 2);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    to += "  " + line + "\n";
  }
  return to;
}

}  // namespace weir::compile
