#pragma once

/// Columns of text side by side.

#include <string>
#include <vector>

namespace weir::compile {

using TableRow = std::vector<std::string>;

/// Each column as wide as its widest cell is on a terminal, two spaces apart, the whole indented by
/// two; a column without any text takes no room.
std::string table(const std::vector<TableRow>& rows);

}  // namespace weir::compile
