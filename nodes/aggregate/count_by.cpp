#include "nodes/aggregate/count_by.hpp"

#include <algorithm>

namespace weir::nodes {

void CountBy::describe(Describe<CountBy>& d) {
  d.node("count_by", "Counts the items of each key, and gives the counts out when its input ends.");
  d.needs_text();
  d.param<&CountBy::by>("by", "The key. All keys are held in memory, each once.");
  d.output("A record {key, count} for each key, the highest count first, then by the key.");
}

std::optional<Record> CountBy::next() {
  auto& entries = counts_.entries();
  if (!sorted_) {
    sorted_ = true;
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return a.count != b.count ? a.count > b.count : a.text() < b.text();
    });
  }
  if (at_ == entries.size()) return std::nullopt;
  const KeyCounts::Entry& entry = entries[at_++];
  Record record = Record::object();
  record["key"] = entry.text();
  record["count"] = entry.count;
  return record;
}

}  // namespace weir::nodes
