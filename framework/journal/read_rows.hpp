#pragma once

/// From the tables of run.db to values. `file` is for the message of an Error, which is thrown if
/// what is there makes no sense.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "journal/database.hpp"
#include "journal/row.hpp"

namespace weir::journal {

Key key_of(std::string_view text, const std::filesystem::path& file);
State state_of(std::string_view text, const std::filesystem::path& file);
std::optional<std::int64_t> integer_of(const Statement& from, int column);
std::optional<int> status_of(const Statement& from, int column);

/// All items, in no order.
void read_rows(Database& database, const std::filesystem::path& file,
               const std::function<void(Row)>& take);

}  // namespace weir::journal
