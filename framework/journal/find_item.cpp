#include "journal/find_item.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <iterator>
#include <optional>

#include "journal/catch_up.hpp"
#include "journal/error.hpp"
#include "journal/text.hpp"

namespace weir::journal {
namespace {

using Rows = std::vector<const Row*>;

constexpr std::size_t kShortestKey = 4;
constexpr std::size_t kMostShown = 60;  // bytes of a name, in a message

template <class Fits>
Rows fitting(const Rows& rows, const Fits& fits) {
  Rows found;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(found), fits);
  return found;
}

/// Those that are of the run, if there are any.
Rows there_first(Rows rows) {
  const auto is_gone = [](const Row* row) { return row->is_gone; };
  if (!std::all_of(rows.begin(), rows.end(), is_gone)) std::erase_if(rows, is_gone);
  return rows;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || at != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::vector<const Row*> find_items(const History& history, std::string_view node,
                                   std::string_view which) {
  const Rows rows = history.rows(node);
  const auto number = number_of(which);
  Rows by_number = fitting(rows, [&](const Row* row) { return row->seq == number; });
  Rows by_text = there_first(fitting(rows, [&](const Row* row) { return row->item == which; }));
  const std::string name = shortened(which, kMostShown);
  if (!by_number.empty() && !by_text.empty() && by_number != by_text) {
    throw UnknownItem(fmt::format(
        "'{0}' is the number of one item at '{1}' and the text of another; name it by its key: {2} "
        "(number {0}) or {3} (number {4})",
        name, node, by_number.front()->key.text(), by_text.front()->key.text(),
        by_text.front()->seq));
  }
  if (!by_number.empty()) return by_number;
  if (!by_text.empty()) return by_text;
  if (which.size() >= kShortestKey) {
    Rows by_key = fitting(rows, [&](const Row* row) { return row->key.text().starts_with(which); });
    if (by_key.size() == 1) return by_key;
    if (!by_key.empty()) {
      throw UnknownItem(
          fmt::format("the keys of {} items at '{}' begin with '{}'; write more of it",
                      by_key.size(), node, name));
    }
  }
  if (rows.empty()) throw MissingItem(fmt::format("no item has started at '{}'", node));
  throw MissingItem(fmt::format(
      "there is no item '{}' at '{}'; name one by its number (1 to {}), its text, or the first {} "
      "digits or more of its key",
      name, node, history.last_seq(node), kShortestKey));
}

bool has_begun(const std::filesystem::path& file, std::string_view node, std::int64_t number) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return false;
  std::optional<Database> database = open_caught_up(file);
  if (!database) return false;
  Statement find(*database, "SELECT 1 FROM items WHERE node = ?1 AND seq = ?2 LIMIT 1");
  return find.with(node, number).next();
}

}  // namespace weir::journal
