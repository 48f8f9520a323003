#pragma once

/// Which item somebody means.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "journal/history.hpp"

namespace weir::journal {

/// The items at `node` that `which` means: the one with this number, those with this text, or the
/// one whose key begins like this (4 digits or more). In the order of their numbers; pointers live
/// as long as the history. Throws MissingItem if there is none, and UnknownItem if the name may
/// mean different ones.
std::vector<const Row*> find_items(const History& history, std::string_view node,
                                   std::string_view which);

/// Whether a run.db has an item with this number at `node`. It is there within a twentieth of a
/// second from its beginning. Throws Error.
bool has_begun(const std::filesystem::path& file, std::string_view node, std::int64_t number);

}  // namespace weir::journal
