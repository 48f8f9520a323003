#pragma once

/// Puts into the tables of a run.db what a killed weir had no time to.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "journal/database.hpp"

namespace weir::journal {

class Recorder;
class RedoLog;

/// What is in the redo log and not in the tables. The log is empty then. Throws Error; what had
/// been left is still there.
void catch_up(Recorder& recorder, RedoLog& log);

/// The same for a run that is not alive; waits while somebody else does it.
void catch_up(const std::filesystem::path& database);

/// The same if there is anything to do, the run is not alive and nobody else does it; as far as
/// this process may write to the tables.
void catch_up_if_possible(const std::filesystem::path& database);

/// Opens run.db to read, and catches up before, if possible; nullopt if it has no tables yet.
/// Throws Error.
std::optional<Database> open_caught_up(const std::filesystem::path& database);

}  // namespace weir::journal
