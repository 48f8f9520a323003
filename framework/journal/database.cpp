#include "journal/database.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "journal/error.hpp"
#include "journal/file.hpp"

namespace weir::journal {
namespace {

/// Readers and the writer don't wait for each other; this is for what else may hold a lock for a
/// moment: a checkpoint, recovery, somebody's sqlite3 tool.
constexpr int kBusyMilliseconds = 10'000;

}  // namespace

Database::Database(const std::filesystem::path& file, Mode mode) : file_(file.string()) {
  if (mode == Mode::write) {
    // Made here and not by SQLite, so that nobody else can read it; its -wal and -shm follow it.
    // One that exists is not opened: that would be closed again, and with it go all locks which
    // this process has on the file, those of its other connections (fcntl(2), F_SETLK).
    const Descriptor made(::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made && errno != EEXIST) {
      throw Error(fmt::format("can't create '{}': {}", file_, system_message(errno)));
    }
  }
  sqlite3* connection = nullptr;
  const int result = sqlite3_open_v2(file_.c_str(), &connection,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  connection_.reset(connection);
  if (result != SQLITE_OK) fail();
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  if (mode == Mode::read) execute("PRAGMA query_only = 1");
}

void Database::Close::operator()(sqlite3* connection) const noexcept {
  sqlite3_close_v2(connection);
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

int Database::changes() const { return sqlite3_changes(get()); }

std::int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(get()); }

void Database::fail() const {
  const int last_error = errno;
  if (get() == nullptr) throw Error(fmt::format("'{}': out of memory", file_));
  std::string message = fmt::format("'{}': {}", file_, sqlite3_errmsg(get()));
  const int primary = sqlite3_errcode(get()) & 0xFF;
  const int known = sqlite3_system_errno(get());
  const int error = known != 0 ? known : last_error;  // a COMMIT that fails doesn't note it
  if (error != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)) {
    message += fmt::format(" ({})", system_message(error));
  }
  throw Error(message);
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  statement_.reset(statement);
  check(result);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

bool Statement::next() {
  errno = 0;
  const int result = sqlite3_step(statement_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE) database_->fail();
  return result == SQLITE_ROW;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

void Statement::check(int result) const {
  if (result != SQLITE_OK) database_->fail();
}

void Statement::bind(int at, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), at, value));
}

void Statement::bind(int at, std::string_view value) {
  const char* text = value.data() == nullptr ? "" : value.data();  // a null pointer would be NULL
  check(sqlite3_bind_text64(statement_.get(), at, text, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int at, Blob value) {
  const char* bytes = value.bytes.data() == nullptr ? "" : value.bytes.data();
  check(sqlite3_bind_blob64(statement_.get(), at, bytes, value.bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int at) { check(sqlite3_bind_null(statement_.get(), at)); }

}  // namespace weir::journal
