#include "journal/read_rows.hpp"

#include <fmt/format.h>

#include "journal/error.hpp"
#include "journal/schema.hpp"

namespace weir::journal {
namespace {

Row read_row(const Statement& from, const std::filesystem::path& file) {
  Row row;
  row.node = from.text(0);
  row.key = key_of(from.text(1), file);
  row.seq = from.integer(2);
  if (!from.is_null(3)) row.parent = key_of(from.text(3), file);
  row.item = from.text(4);
  row.config = from.text(5);
  row.state = state_of(from.text(6), file);
  row.attempts = from.integer(7);
  row.arrived_ns = from.integer(8);
  row.started_ns = from.integer(9);
  row.ended_ns = integer_of(from, 10);
  row.waited_ns = from.integer(11);
  row.status = status_of(from, 12);
  row.error = from.text(13);
  row.has_output = from.integer(14) != 0;
  row.is_gone = from.integer(15) != 0;
  return row;
}

}  // namespace

Key key_of(std::string_view text, const std::filesystem::path& file) {
  if (const std::optional<Key> key = Key::parse(text)) return *key;
  throw Error(fmt::format("'{}' is damaged: '{}' is no key", file.string(), text));
}

State state_of(std::string_view text, const std::filesystem::path& file) {
  if (const std::optional<State> state = parse_state(text)) return *state;
  throw Error(fmt::format("'{}' is damaged: '{}' is no state", file.string(), text));
}

std::optional<std::int64_t> integer_of(const Statement& from, int column) {
  if (from.is_null(column)) return std::nullopt;
  return from.integer(column);
}

std::optional<int> status_of(const Statement& from, int column) {
  if (from.is_null(column)) return std::nullopt;
  return static_cast<int>(from.integer(column));
}

void read_rows(Database& database, const std::filesystem::path& file,
               const std::function<void(Row)>& take) {
  Statement all(
      database,
      fmt::format("SELECT node, key, seq, parent, item, config, state, attempts, arrived_ns, "
                  "started_ns, ended_ns, waited_ns, status, error, output IS NOT NULL, {} "
                  "FROM items",
                  is_gone_in(database, file)));
  while (all.next()) take(read_row(all, file));
}

}  // namespace weir::journal
