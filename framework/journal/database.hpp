#pragma once

/// SQLite, as far as the journal uses it: one connection in one thread at a time, statements that
/// are prepared once. Whatever SQLite refuses is thrown as Error.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace weir::journal {

class Database {
 public:
  /// `write` creates the file if there is none. `read` changes no data, but takes part in keeping
  /// order: who closes a database last puts what is in its -wal file into it, and removes that.
  enum class Mode : std::uint8_t { read, write };

  Database(const std::filesystem::path& file, Mode mode);

  /// One or more statements that give nothing out.
  void execute(const char* sql);
  /// How many rows the last statement inserted, changed or deleted.
  int changes() const;
  std::int64_t last_row_id() const;

  sqlite3* get() const { return connection_.get(); }
  /// Throws what went wrong with the last call.
  [[noreturn]] void fail() const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept;
  };

  std::string file_;
  std::unique_ptr<sqlite3, Close> connection_;
};

/// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

class Statement {
 public:
  /// The database must outlive it.
  Statement(Database& database, std::string_view sql);

  /// Binds all parameters anew, in order. What is bound must live until the last `next`.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int at = 0;
    (bind(++at, values), ...);
    return *this;
  }
  /// Steps to the next row. False: there is none.
  bool next();
  /// To the end.
  void run() {
    while (next()) {
    }
    reset();
  }

  /// Of the current row; columns count from 0. Texts and bytes live until the next step.
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  std::string_view bytes(int column) const;
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  void reset();
  void check(int result) const;
  void bind(int at, std::int64_t value);
  void bind(int at, std::string_view value);
  void bind(int at, Blob value);
  void bind_null(int at);
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    if (value) {
      bind(at, *value);
    } else {
      bind_null(at);
    }
  }

  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace weir::journal
