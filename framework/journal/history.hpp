#pragma once

/// Reads what a journal has written down: of a run that is going on, or of one that has ended,
/// however it did.

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "journal/row.hpp"

namespace weir::journal {

/// All rows of a run.db at one moment, but for what the items gave out, which is read when asked
/// for. About 0.15 s and 40 MB for 100,000 items with short texts.
class History {
 public:
  History();
  ~History();
  History(History&&) noexcept;
  History& operator=(History&&) noexcept;

  /// Empty if the journal has no tables yet. Throws Error if the file can't be read or a newer weir
  /// wrote it.
  static History load(const std::filesystem::path& file);

  /// nullptr: the item has never started at that node.
  const Row* find(std::string_view node, const Key& key) const;
  /// The item that it came of; nullptr: there is none, or it is not there.
  const Row* parent_of(const Row& row) const;
  /// In the order of `seq`. Pointers live as long as the history.
  std::vector<const Row*> rows(std::string_view node) const;
  /// In the order in which the first item came to them.
  std::vector<std::string> nodes() const;
  /// The greatest `seq` at this node, or 0: new items count on from here.
  std::int64_t last_seq(std::string_view node) const;
  /// What the item gave out, as it was handed to the journal; nullopt if nothing. From any thread.
  /// Throws Error.
  std::optional<std::string> output(const Row& row) const;

 private:
  struct OfNode {
    std::deque<Row> rows;
    std::unordered_map<Key, const Row*, Key::Hash> by_key;
    std::int64_t last_seq = 0;
    std::int64_t first_arrived_ns = 0;
  };

  struct Outputs;

  std::unique_ptr<Outputs> outputs_;  ///< null: there are no tables
  std::map<std::string, OfNode, std::less<>> nodes_;
};

/// How many items there are in each state, all nodes together, but for those that are gone.
struct StateCounts {
  std::int64_t running = 0;
  std::int64_t backing_off = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  bool any_began = false;    ///< any item at all, those that do not come any more included
  std::int64_t last_ns = 0;  ///< the last time that anything is known of; 0: there is none

  std::int64_t items() const { return running + backing_off + done + failed + cancelled; }
};

/// All zero if there is no such file, or it has no tables yet. Throws Error as above.
StateCounts count_states(const std::filesystem::path& file);

}  // namespace weir::journal
