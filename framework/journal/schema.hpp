#pragma once

/// The tables of run.db; framework/doc/operation.md describes them.

#include <filesystem>

#include "journal/database.hpp"

namespace weir::journal {

/// The version of the tables, in `PRAGMA user_version`.
inline constexpr std::int64_t kSchemaVersion = 1;

/// Opens run.db to write, makes the tables if it has none. Throws Error, also if a newer weir made
/// it.
Database open_to_write(const std::filesystem::path& file);

/// Opens run.db to read; nullopt if it has no tables yet. Throws as above.
std::optional<Database> open_to_read(const std::filesystem::path& file);

}  // namespace weir::journal
