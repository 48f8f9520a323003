#include "journal/schema.hpp"

#include <fmt/format.h>
#include <utility>

#include "journal/error.hpp"

namespace weir::journal {
namespace {

/// `output` comes last: what reads the other columns doesn't pass over it. `attempts` has no index:
/// keeping one with keys that are spread evenly would take as long as all the rest.
constexpr const char* kTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE items(
  node TEXT NOT NULL,
  key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  parent TEXT,
  item TEXT NOT NULL,
  config TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  arrived_ns INTEGER NOT NULL,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER,
  waited_ns INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  output BLOB,
  PRIMARY KEY(node, key)
);
CREATE TABLE attempts(
  node TEXT NOT NULL,
  key TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  queued_ns INTEGER NOT NULL,
  started_ns INTEGER NOT NULL,
  ended_ns INTEGER,
  state TEXT NOT NULL,
  status INTEGER,
  error TEXT
);
PRAGMA user_version = 1;
COMMIT;
)";
static_assert(kSchemaVersion == 1, "say so in kTables");

std::int64_t version_of(Database& database, const std::filesystem::path& file) {
  Statement version(database, "PRAGMA user_version");
  version.next();
  const std::int64_t found = version.integer(0);
  if (found > kSchemaVersion) {
    throw Error(
        fmt::format("'{}' was written by a newer weir: its tables have version {}, this "
                    "weir knows them up to {}; use that one",
                    file.string(), found, kSchemaVersion));
  }
  return found;
}

}  // namespace

Database open_to_write(const std::filesystem::path& file) {
  Database database(file, Database::Mode::write);
  const std::int64_t version = version_of(database, file);
  // A commit is durable when the process dies; when the machine does, what was committed since the
  // last checkpoint may be lost, and nothing else.
  database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  // In KiB. Keys are spread evenly, so inserting touches pages everywhere in the index.
  database.execute("PRAGMA cache_size = -32768;");
  if (version == 0) database.execute(kTables);
  return database;
}

std::optional<Database> open_to_read(const std::filesystem::path& file) {
  Database database(file, Database::Mode::read);
  if (version_of(database, file) == 0) return std::nullopt;
  return database;
}

}  // namespace weir::journal
