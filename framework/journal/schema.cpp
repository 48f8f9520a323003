#include "journal/schema.hpp"

#include <fmt/format.h>
#include <utility>

#include "journal/error.hpp"

namespace weir::journal {
namespace {

/// `output` comes last: what reads the other columns doesn't pass over it. `attempts` has no index:
/// keeping one with keys that are spread evenly would take as long as all the rest.
constexpr const char* kTables = R"(
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
)";

/// What came with version 2: why an attempt waited, and what there is of the run as a whole. All of
/// it is about the last run in the directory.
constexpr const char* kTables2 = R"(
ALTER TABLE attempts ADD COLUMN admitted_ns INTEGER;
ALTER TABLE attempts ADD COLUMN held_by TEXT;
ALTER TABLE attempts ADD COLUMN held_for TEXT;
ALTER TABLE attempts ADD COLUMN needs TEXT;
ALTER TABLE attempts ADD COLUMN cpu_ns INTEGER;
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
CREATE TABLE samples(
  tick INTEGER PRIMARY KEY,
  at_ns INTEGER NOT NULL,
  idle_permille INTEGER,
  nodes TEXT NOT NULL
);
CREATE TABLE batches(
  tick INTEGER PRIMARY KEY,
  spans TEXT NOT NULL
);
PRAGMA user_version = 2;
)";

/// What came with version 3: items that are of the run no more. A column behind `output` would be
/// slow to read, and most runs have none.
constexpr const char* kTables3 = R"(
CREATE TABLE gone(
  node TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY(node, key)
) WITHOUT ROWID;
PRAGMA user_version = 3;
)";
static_assert(kSchemaVersion == 3, "say so in the tables");

/// A commit is durable when the process dies; when the machine does, what was committed since the
/// last checkpoint may be lost, and nothing else.
constexpr const char* kSynchronous = "PRAGMA synchronous = NORMAL";

}  // namespace

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

Database open_to_write(const std::filesystem::path& file) {
  Database database(file, Database::Mode::write);
  const std::int64_t version = version_of(database, file);
  // One without tables has nothing yet that the end of the machine could take, and every run begins
  // by making one: not to wait for the disk saves most of the time that this takes.
  database.execute(version == 0 ? "PRAGMA synchronous = OFF" : kSynchronous);
  database.execute("PRAGMA journal_mode = WAL");
  // In KiB. Keys are spread evenly, so inserting touches pages everywhere in the index.
  database.execute("PRAGMA cache_size = -32768;");
  if (version < kSchemaVersion) {
    database.execute("BEGIN IMMEDIATE");
    if (version < 1) database.execute(kTables);
    if (version < 2) database.execute(kTables2);
    database.execute(kTables3);
    database.execute("COMMIT");
  }
  database.execute(kSynchronous);
  return database;
}

std::string_view is_gone_in(Database& database, const std::filesystem::path& file) {
  if (version_of(database, file) < 3) return "0";
  return "EXISTS(SELECT 1 FROM gone WHERE gone.node = items.node AND gone.key = items.key)";
}

std::optional<Database> open_to_read(const std::filesystem::path& file) {
  Database database(file, Database::Mode::read);
  if (version_of(database, file) == 0) return std::nullopt;
  return database;
}

}  // namespace weir::journal
