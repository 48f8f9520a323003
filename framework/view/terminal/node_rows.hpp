#pragma once

/// The nodes of a run, as rows of text as wide as a terminal.

#include <cstddef>
#include <string>
#include <vector>

#include "view/outlook.hpp"
#include "view/terminal/frame.hpp"

namespace weir::view {

/// The first row has the columns' names; the others are those of the nodes (by index) in `shown`,
/// in that order. `marked` are some of all nodes, ascending. Columns that matter least are left out where
/// there is no room for them.
std::vector<std::string> node_rows(const runtime::Status& status, const NodeRates& rates,
                                   const Outlook& outlook, const std::vector<std::size_t>& shown,
                                   const std::vector<std::size_t>& marked, const Look& look);

/// Those that matter most, at most so many, in the order of the run: the marked ones, those that
/// fail, run, have items waiting.
std::vector<std::size_t> nodes_to_show(const runtime::Status& status, std::size_t most,
                                       const std::vector<std::size_t>& marked);

}  // namespace weir::view
