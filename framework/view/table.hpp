#pragma once

/// Tables of text, as commands show them.

#include <cstddef>
#include <string>
#include <vector>

namespace weir::view {

using TableRow = std::vector<std::string>;

/// The rows, of one length each, in columns with two blanks between them. The first `left` columns
/// are aligned to the left, the others to the right. A column is as wide as its widest cell
/// is on a terminal.
std::string table(const std::vector<TableRow>& rows, std::size_t left = 1);

}  // namespace weir::view
