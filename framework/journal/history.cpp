#include "journal/history.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <mutex>
#include <utility>

#include "journal/catch_up.hpp"
#include "journal/read_rows.hpp"
#include "journal/schema.hpp"

namespace weir::journal {

/// Reads outputs, over one connection.
struct History::Outputs {
  explicit Outputs(Database opened)
      : database(std::move(opened)),
        find(database, "SELECT output FROM items WHERE node = ?1 AND key = ?2") {}

  std::mutex mutex;
  Database database;
  Statement find;
};

History::History() = default;
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

History History::load(const std::filesystem::path& file) {
  History history;
  std::optional<Database> database = open_caught_up(file);
  if (!database) return history;
  history.outputs_ = std::make_unique<Outputs>(std::move(*database));
  read_rows(history.outputs_->database, file, [&](Row row) {
    const auto [at, is_new] = history.nodes_.try_emplace(row.node);
    OfNode& of_node = at->second;
    of_node.last_seq = std::max(of_node.last_seq, row.seq);
    if (is_new || row.arrived_ns < of_node.first_arrived_ns) {
      of_node.first_arrived_ns = row.arrived_ns;
    }
    const Row& kept = of_node.rows.emplace_back(std::move(row));
    of_node.by_key.emplace(kept.key, &kept);
  });
  return history;
}

const Row* History::find(std::string_view node, const Key& key) const {
  const auto of_node = nodes_.find(node);
  if (of_node == nodes_.end()) return nullptr;
  const auto row = of_node->second.by_key.find(key);
  return row == of_node->second.by_key.end() ? nullptr : row->second;
}

const Row* History::parent_of(const Row& row) const {
  if (!row.parent) return nullptr;
  for (const auto& [name, of_node] : nodes_) {
    const auto parent = of_node.by_key.find(*row.parent);
    if (parent != of_node.by_key.end()) return parent->second;
  }
  return nullptr;
}

std::vector<const Row*> History::rows(std::string_view node) const {
  std::vector<const Row*> rows;
  const auto of_node = nodes_.find(node);
  if (of_node == nodes_.end()) return rows;
  for (const Row& row : of_node->second.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return a->seq < b->seq; });
  return rows;
}

std::vector<std::string> History::nodes() const {
  std::vector<std::pair<std::int64_t, std::string>> by_arrival;
  for (const auto& [name, of_node] : nodes_) {
    by_arrival.emplace_back(of_node.first_arrived_ns, name);
  }
  std::sort(by_arrival.begin(), by_arrival.end());
  std::vector<std::string> names;
  names.reserve(by_arrival.size());
  for (auto& [arrived, name] : by_arrival) names.push_back(std::move(name));
  return names;
}

std::int64_t History::last_seq(std::string_view node) const {
  const auto of_node = nodes_.find(node);
  return of_node == nodes_.end() ? 0 : of_node->second.last_seq;
}

std::optional<std::string> History::output(const Row& row) const {
  if (!outputs_) return std::nullopt;
  const std::string key = row.key.text();
  const std::lock_guard lock(outputs_->mutex);
  Statement& find = outputs_->find;
  std::optional<std::string> output;
  find.with(row.node, key);
  // To the end: a statement that could go on would keep the journal from being written back.
  while (find.next()) {
    if (!find.is_null(0)) output.emplace(find.bytes(0));
  }
  return output;
}

StateCounts count_states(const std::filesystem::path& file) {
  StateCounts counts;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return counts;
  std::optional<Database> database = open_caught_up(file);
  if (!database) return counts;
  // Nothing else tells of a command that went on for long: the last sample alone is looked at.
  if (version_of(*database, file) >= 2) {
    Statement last(*database, "SELECT at_ns FROM samples ORDER BY tick DESC LIMIT 1");
    if (last.next()) counts.last_ns = last.integer(0);
  }
  Statement states(
      *database,
      fmt::format("SELECT state, sum(NOT {}), max(max(started_ns, coalesce(ended_ns, 0))) "
                  "FROM items GROUP BY state",
                  is_gone_in(*database, file)));
  while (states.next()) {
    const std::int64_t count = states.integer(1);
    counts.any_began = true;
    counts.last_ns = std::max(counts.last_ns, states.integer(2));
    switch (state_of(states.text(0), file)) {
      case State::running:
        counts.running = count;
        break;
      case State::backing_off:
        counts.backing_off = count;
        break;
      case State::done:
        counts.done = count;
        break;
      case State::failed:
        counts.failed = count;
        break;
      case State::cancelled:
        counts.cancelled = count;
        break;
    }
  }
  return counts;
}

}  // namespace weir::journal
