#pragma once

/// The tables of run.db; framework/doc/operation.md describes them.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "journal/database.hpp"

namespace weir::journal {

/// The version of the tables, in `PRAGMA user_version`.
inline constexpr std::int64_t kSchemaVersion = 3;

/// Opens run.db to write, makes the tables if it has none, and brings those of an older weir up to
/// date. Throws Error, also if a newer weir made it.
Database open_to_write(const std::filesystem::path& file);

/// Opens run.db to read, as it is; nullopt if it has no tables yet. Throws as above.
std::optional<Database> open_to_read(const std::filesystem::path& file);

/// An SQL expression: whether a row of `items` is gone; also where an older weir made the tables.
std::string_view is_gone_in(Database& database, const std::filesystem::path& file);

/// The version of the tables that it has.
std::int64_t version_of(Database& database, const std::filesystem::path& file);

}  // namespace weir::journal
