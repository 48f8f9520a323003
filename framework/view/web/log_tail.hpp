#pragma once

/// The end of what an item's command wrote.

#include <cstdint>
#include <string>

#include "journal/run_directory.hpp"

namespace weir::view {

/// Both streams, each behind a title, at most 64 KiB in all. What was masked in the files is
/// masked. Empty if it wrote nothing.
std::string log_tail(const journal::RunDirectory& run, const std::string& node,
                     std::int64_t number);

/// Whether an item with this number has begun at the node, as far as is known: where run.db can't
/// be read, any may have.
bool has_item(const journal::RunDirectory& run, const std::string& node, std::int64_t number);

}  // namespace weir::view
