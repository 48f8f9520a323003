#pragma once

/// Items that are known from before, when they come again.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compile/plan.hpp"
#include "journal/history.hpp"
#include "journal/key.hpp"

namespace weir::runtime {

/// Which of the items of earlier runs should come again in this one. Safe from any thread.
class Awaited {
 public:
  /// The history must outlive it.
  Awaited(const compile::Plan& plan, const journal::History& past);

  /// Whether what the item came of should come again, unchanged, and be skipped: then it gives out
  /// this one once more.
  bool is(const journal::Row& row) const;
  /// An item is done again: what comes of it then may be something else.
  void is_done_again(const journal::Row& row);
  /// Whether one is.
  bool has_been_done_again(const journal::Row& row) const;

 private:
  struct Function {
    std::string config;
    std::vector<std::string> reads;  ///< functions that wait or block, with none between
    bool reads_others = false;       ///< sources, collectors: what comes of those has no parent
  };

  const journal::History& past_;
  std::map<std::string, Function, std::less<>> functions_;  // that wait or block
  mutable std::mutex mutex_;
  std::unordered_set<const journal::Row*> again_;
};

/// Who the items are that come to one node, in a run that goes on with others.
///
/// Which of several items of equal text comes first differs from run to run. So an item is the one
/// that came of the same parent, if there is one; else the first that nobody has been yet and that
/// should not still come.
class KnownItems {
 public:
  struct Who {
    journal::Key key;
    const journal::Row* past = nullptr;  ///< null: not known from before
  };

  /// Both must outlive it.
  KnownItems(std::string node, const journal::History& past, const Awaited& awaited);

  /// Whether one that is known from before has come.
  bool has_come(const journal::Row& row) const;

  /// An item that comes now, of those that `first` is the first of; no two are the same.
  /// `takes_any`: it may be one that should still come, as what it came of is new, or says nothing
  /// of it. From any thread.
  Who next(const journal::Key& first, std::string_view text,
           const std::optional<journal::Key>& parent, bool takes_any);

 private:
  /// The items of one type and text. Each has a number.
  struct Equals {
    using ByParent = std::map<std::optional<journal::Key>, std::deque<std::uint32_t>>;

    bool is_taken(std::uint32_t number) const { return number < taken.size() && taken[number]; }

    std::vector<bool> taken;
    std::unique_ptr<ByParent> known;  ///< those with a row; null: not looked for yet
    std::uint32_t first_free = 0;     ///< all before it are taken
    std::uint32_t first_left = 0;     ///< all before it are taken, or should still come
  };

  std::optional<std::uint32_t> same(Equals& equals, const journal::Key& first,
                                    std::string_view text,
                                    const std::optional<journal::Key>& parent) const;
  Equals::ByParent find_known(const journal::Key& first, std::size_t rows) const;
  std::uint32_t another(Equals& equals, const journal::Key& first, bool takes_any) const;

  const std::string node_;
  const journal::History& past_;
  const Awaited& awaited_;
  std::unordered_map<std::string_view, std::size_t> several_;  // texts with more than one row
  mutable std::mutex mutex_;
  std::unordered_set<const journal::Row*> come_;
  std::unordered_map<journal::Key, Equals, journal::Key::Hash> equals_;
};

}  // namespace weir::runtime
