#include "view/record/bottleneck.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "view/held_back.hpp"
#include "view/record/limit_waits.hpp"
#include "view/record/past_status.hpp"
#include "view/record/slots.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

/// As the live page tells it when the run has ended: by what came first at each sample.
std::vector<Bottleneck> longest(const Recording& recording, const Where& where) {
  if (recording.samples.empty()) return {};
  HeldBack held_back;
  PastStatus past(recording, where);
  for (std::size_t i = 0; i < recording.samples.size(); ++i) {
    const runtime::Status& status = past.at(i);
    held_back.note(status, findings(status));
  }
  runtime::Status last = past.at(recording.samples.size() - 1);
  last.seconds = std::max(last.seconds, static_cast<double>(recording.last) / 1e9);
  // A run that was cut off stood like that until then.
  held_back.note(last, is_cut_off(recording) ? findings(last) : std::vector<Finding>());
  std::vector<Bottleneck> all = held_back.all();
  // What was seen at one moment only says little of a run.
  if (!all.empty() && all.front().length.empty()) all.clear();
  return all;
}

/// What most of the waiting was for. There may be no samples: of a run of an older weir.
Bottleneck most_waited(const Recording& recording, const AllLimitWaits& waits,
                       Recording::Time all) {
  const auto most = std::max_element(waits.begin(), waits.end(), [](const auto& a, const auto& b) {
    return a.second.sum < b.second.sum;
  });
  // Less than a twentieth of the items' time is no bottleneck.
  if (most == waits.end() || most->second.sum <= 0 || most->second.sum * 20 < all) {
    return {};
  }
  Bottleneck found;
  found.limits = {std::string(most->first)};
  for (const auto& [node, sum] : most->second.nodes) {
    if (sum * 20 >= most->second.sum) found.nodes.push_back(recording.graph.nodes[node].name);
  }
  const bool is_own = found.nodes.size() == 1 && found.nodes.front() == most->first;
  found.reason = is_own ? "bound by its limit" : fmt::format("bound by limit {}", most->first);
  found.text = found.reason;
  return found;
}

/// "items waited 20.0s in all, bound by its limit…"
void add_waits(Bottleneck& bottleneck, const AllLimitWaits& waits) {
  Recording::Time sum = 0;
  std::int64_t never_begun = 0;
  for (const std::string& limit : bottleneck.limits) {
    const auto of = waits.find(limit);
    if (of == waits.end()) continue;
    sum += of->second.sum;
    never_begun += of->second.never_begun;
  }
  if (sum > 0) {
    bottleneck.text = fmt::format("items waited {} in all, {}",
                                  short_time(static_cast<double>(sum) / 1e9), bottleneck.text);
  }
  if (never_begun > 0) bottleneck.text += fmt::format("; {} have not begun", never_begun);
}

/// "; limit registry was set to 6 slots meanwhile": the reason has those of most of the time.
void add_changes(Bottleneck& bottleneck, const std::vector<SlotsChange>& changes) {
  for (const std::string& limit : bottleneck.limits) {
    const auto last = std::find_if(changes.rbegin(), changes.rend(),
                                   [&](const SlotsChange& one) { return one.limit == limit; });
    if (last == changes.rend()) continue;
    bottleneck.text += fmt::format("; limit {} was set to {} slot{} meanwhile", limit, last->slots,
                                   last->slots == 1 ? "" : "s");
  }
}

}  // namespace

std::vector<Bottleneck> bottlenecks_of(const Recording& recording, const Where& where) {
  const AllLimitWaits waits = limit_waits(where);
  std::vector<Bottleneck> found = longest(recording, where);
  if (found.empty()) found.push_back(most_waited(recording, waits, where.all));
  if (found.front().nodes.empty()) return {};
  const std::vector<SlotsChange> changes = changes_of_slots(recording);
  for (Bottleneck& bottleneck : found) {
    add_waits(bottleneck, waits);
    add_changes(bottleneck, changes);
    bottleneck.is_over = recording.state != "running";
  }
  return found;
}

Bottleneck bottleneck_of(const Recording& recording, const Where& where) {
  const std::vector<Bottleneck> all = bottlenecks_of(recording, where);
  return all.empty() ? Bottleneck() : all.front();
}

}  // namespace weir::view
