#include "runtime/known_items.hpp"

#include <algorithm>
#include <utility>

#include "journal/text.hpp"
#include "runtime/item_key.hpp"
#include "runtime/stations.hpp"

namespace weir::runtime {
namespace {

/// Numbers without a row are of items that never began. A row behind more of them in a row is found
/// when its number has its turn.
constexpr std::uint32_t kMostMissing = 64;

}  // namespace

Awaited::Awaited(const compile::Plan& plan, const journal::History& past) : past_(past) {
  // What each node's items may be of: behind a function that waits or blocks, of nothing else.
  std::vector<Function> gives(plan.nodes.size());
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    const compile::PlannedNode& node = plan.nodes[i];
    Function& to = gives[i];
    to.reads_others = node.type->kind == abi::Kind::source;
    for (const std::uint32_t input : node.inputs) {
      const Function& from = gives[plan.edges[input].from];
      to.reads.insert(to.reads.end(), from.reads.begin(), from.reads.end());
      to.reads_others = to.reads_others || from.reads_others;
    }
    std::sort(to.reads.begin(), to.reads.end());
    to.reads.erase(std::unique(to.reads.begin(), to.reads.end()), to.reads.end());
    if (Stations::is_station(node)) {
      to.config = config_hash(node);
      functions_.emplace(node.name, std::move(to));
      to = {{}, {node.name}, false};
    } else if (node.type->collects) {
      to.reads_others = true;
    }
  }
}

bool Awaited::is(const journal::Row& row) const {
  const auto function = functions_.find(row.node);
  if (function == functions_.end()) return false;
  if (!row.parent) return function->second.reads_others;
  for (const std::string& name : function->second.reads) {
    const journal::Row* const parent = past_.find(name, *row.parent);
    if (parent == nullptr) continue;
    const bool is_done = parent->state == journal::State::done && parent->has_output;
    if (!is_done || parent->config != functions_.find(name)->second.config) return false;
    return !has_been_done_again(*parent) && is(*parent);
  }
  return false;
}

bool Awaited::has_been_done_again(const journal::Row& row) const {
  const std::lock_guard lock(mutex_);
  return again_.contains(&row);
}

void Awaited::is_done_again(const journal::Row& row) {
  const std::lock_guard lock(mutex_);
  again_.insert(&row);
}

KnownItems::KnownItems(std::string node, const journal::History& past, const Awaited& awaited)
    : node_(std::move(node)), past_(past), awaited_(awaited) {
  for (const journal::Row* const row : past.rows(node_)) ++several_[row->item];
  std::erase_if(several_, [](const auto& text) { return text.second < 2; });
}

KnownItems::Who KnownItems::next(const journal::Key& first, std::string_view text,
                                 const std::optional<journal::Key>& parent, bool takes_any) {
  const std::lock_guard lock(mutex_);
  Equals& equals = equals_[first];
  std::optional<std::uint32_t> number = same(equals, first, text, parent);
  if (!number) number = another(equals, first, takes_any);
  if (equals.taken.size() <= *number) equals.taken.resize(*number + 1);
  equals.taken[*number] = true;
  const journal::Key key = item_key(first, *number);
  const journal::Row* const past = past_.find(node_, key);
  if (past != nullptr) come_.insert(past);
  return {key, past};
}

bool KnownItems::has_come(const journal::Row& row) const {
  const std::lock_guard lock(mutex_);
  return come_.contains(&row);
}

/// The one that came of the same parent.
std::optional<std::uint32_t> KnownItems::same(Equals& equals, const journal::Key& first,
                                              std::string_view text,
                                              const std::optional<journal::Key>& parent) const {
  if (!equals.is_taken(0)) {
    const journal::Row* const row = past_.find(node_, first);
    if (row != nullptr && row->parent == parent) return 0;
  }
  // The journal has long texts shortened.
  const bool is_long = text.size() > journal::kMostItemBytes;
  const auto rows = is_long ? several_.find(journal::shortened(text, journal::kMostItemBytes))
                            : several_.find(text);
  if (rows == several_.end()) return std::nullopt;
  if (!equals.known) {
    equals.known = std::make_unique<Equals::ByParent>(find_known(first, rows->second));
  }
  const auto of_parent = equals.known->find(parent);
  if (of_parent == equals.known->end()) return std::nullopt;
  std::deque<std::uint32_t>& numbers = of_parent->second;
  while (!numbers.empty() && equals.is_taken(numbers.front())) numbers.pop_front();
  return numbers.empty() ? std::nullopt : std::optional(numbers.front());
}

/// All of them that have a row; `rows` have the text, some of them maybe with another type.
KnownItems::Equals::ByParent KnownItems::find_known(const journal::Key& first,
                                                    std::size_t rows) const {
  Equals::ByParent known;
  std::uint32_t missing = 0;
  for (std::uint32_t number = 0; rows > 0 && missing < kMostMissing; ++number) {
    const journal::Row* const row = past_.find(node_, item_key(first, number));
    missing = row == nullptr ? missing + 1 : 0;
    if (row == nullptr) continue;
    known[row->parent].push_back(number);
    --rows;
  }
  return known;
}

std::uint32_t KnownItems::another(Equals& equals, const journal::Key& first, bool takes_any) const {
  std::uint32_t& number = takes_any ? equals.first_free : equals.first_left;
  for (;; ++number) {
    if (equals.is_taken(number)) continue;
    if (takes_any) return number;
    const journal::Row* const row = past_.find(node_, item_key(first, number));
    if (row == nullptr || !awaited_.is(*row)) return number;
  }
}

}  // namespace weir::runtime
