#include "journal/recorded.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <unordered_map>
#include <utility>

#include "journal/catch_up.hpp"
#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/read_rows.hpp"
#include "journal/schema.hpp"

namespace weir::journal {
namespace {

std::string meta(Database& database, std::string_view key) {
  Statement find(database, "SELECT value FROM meta WHERE key = ?1");
  return find.with(key).next() ? std::string(find.text(0)) : std::string();
}

/// Whether it is a file that SQLite may have written.
bool is_database(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string head(16, '\0');
  in.read(head.data(), 16);
  return in && head == std::string("SQLite format 3\0", 16);
}

std::string meta_of(const std::filesystem::path& file, std::string_view key) {
  std::optional<Database> database = open_caught_up(file);
  if (!database || version_of(*database, file) < 2) return "";
  return meta(*database, key);
}

using ByKey = std::unordered_map<Key, std::size_t, Key::Hash>;

ByKey read_items(Database& database, const std::filesystem::path& file, Recorded& recorded) {
  ByKey by_key;
  read_rows(database, file, [&](Row row) {
    by_key.emplace(row.key, recorded.items.size());
    recorded.items.push_back(std::move(row));
  });
  return by_key;
}

void read_attempts(Database& database, const std::filesystem::path& file, bool is_old,
                   std::int64_t since, const ByKey& by_key, Recorded& recorded) {
  Statement all(
      database,
      fmt::format("SELECT key, attempt, queued_ns, started_ns, ended_ns, state, status, error, {} "
                  "FROM attempts WHERE started_ns >= ?1 ORDER BY started_ns, rowid",
                  is_old ? "NULL, NULL, NULL, NULL, NULL"
                         : "admitted_ns, held_by, held_for, needs, cpu_ns"));
  all.with(since);
  while (all.next()) {
    const auto item = by_key.find(key_of(all.text(0), file));
    if (item == by_key.end()) continue;
    Recorded::Attempt& attempt = recorded.attempts.emplace_back();
    attempt.item = item->second;
    attempt.number = all.integer(1);
    attempt.queued_ns = all.integer(2);
    attempt.started_ns = all.integer(3);
    attempt.ended_ns = integer_of(all, 4);
    attempt.state = state_of(all.text(5), file);
    attempt.status = status_of(all, 6);
    attempt.error = all.text(7);
    attempt.admitted_ns = integer_of(all, 8);
    attempt.held_by = all.text(9);
    attempt.held_for = all.text(10);
    attempt.needs = all.text(11);
    attempt.cpu_ns = integer_of(all, 12);
  }
}

}  // namespace

Recorded read_recorded(const std::filesystem::path& file,
                       std::int64_t (*started_of)(const std::string& run)) {
  Recorded recorded;
  std::optional<Database> database = open_caught_up(file);
  if (!database) return recorded;
  const bool is_old = version_of(*database, file) < 2;
  database->execute("BEGIN");  // all of one moment
  if (!is_old) {
    recorded.graph = meta(*database, "graph");
    recorded.run = meta(*database, "run");
    Statement samples(*database,
                      "SELECT tick, at_ns, nodes, idle_permille FROM samples ORDER BY tick");
    while (samples.next()) {
      recorded.samples.push_back({samples.integer(0), samples.integer(1),
                                  std::string(samples.text(2)), integer_of(samples, 3)});
    }
    Statement batches(*database, "SELECT spans FROM batches ORDER BY tick");
    while (batches.next()) recorded.batches.emplace_back(batches.text(0));
  }
  const std::int64_t since = recorded.run.empty() ? 0 : started_of(recorded.run);
  const ByKey by_key = read_items(*database, file, recorded);
  read_attempts(*database, file, is_old, since, by_key, recorded);
  return recorded;
}

std::string read_graph(const std::filesystem::path& file) { return meta_of(file, "graph"); }

std::string read_run(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? meta_of(file, "run") : "";
}

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::path part = to;
  part += ".part";
  const std::string name = part.string();
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  catch_up_if_possible(from);
  try {
    Database database(from, Database::Mode::write);  // SQLite wants that for it
    // Empty, it takes over what is written, and nobody else can read it.
    const Descriptor made(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made) throw Error(fmt::format("can't create '{}': {}", name, system_message(errno)));
    Statement(database, "VACUUM INTO ?1").with(std::string_view(name)).run();
    std::error_code error;
    std::filesystem::rename(part, to, error);
    if (error) throw Error(fmt::format("'{}' can't be written: {}", to.string(), error.message()));
  } catch (const Error&) {
    std::filesystem::remove(part, ignored);
    throw;
  }
}

bool is_record(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored) || !is_database(file)) return false;
  try {
    Database database(file, Database::Mode::read);
    Statement tables(database, "SELECT 1 FROM sqlite_master LIMIT 1");
    if (!tables.next()) return true;
    // Names of tables such as these others have, too, but not with these columns.
    Statement(database,
              "SELECT node, key, seq, parent, item, config, waited_ns FROM items LIMIT 0");
    Statement(database, "SELECT node, key, attempt, queued_ns, started_ns FROM attempts LIMIT 0");
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace weir::journal
