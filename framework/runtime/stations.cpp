#include "runtime/stations.hpp"

#include <set>

namespace weir::runtime {

bool Stations::is_station(const compile::PlannedNode& planned) {
  return planned.type->kind == abi::Kind::function && planned.work != abi::Work::computes;
}

Stations::Stations(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes,
                   const RecordOptions& records, Clock& clock, Executor& executor)
    : plan_(plan),
      run_records_(records),
      limits_(plan),
      records_(nodes.size()),
      stations_(nodes.size()),
      pools_(nodes.size()) {
  for (const std::vector<Admission::Settings>& settings : limits_.groups()) {
    admissions_.push_back(std::make_unique<Admission>(settings, clock));
  }
  make_records(plan, nodes);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const compile::PlannedNode& planned = plan.nodes[i];
    if (!is_station(planned)) continue;
    if (planned.work == abi::Work::blocks) {
      const auto most = static_cast<std::size_t>(planned.limit.value_or(1));
      pools_[i] = std::make_unique<ThreadPool>(most);
    }
    const LimitPlan::OfNode& of = limits_.of(i);
    stations_[i] = std::make_unique<Station>(*nodes[i], *admissions_[of.group], of.limits, clock,
                                             executor, pools_[i].get(), *records_[i]);
  }
}

/// Of each function, with those before it whose items are gathered on the way: what comes out of a
/// collector bears no mark of the items that it came of.
void Stations::make_records(const compile::Plan& plan,
                            const std::vector<std::unique_ptr<Node>>& nodes) {
  using Set = std::set<const StationRecords*>;
  std::vector<Set> straight(nodes.size());
  std::vector<Set> gathered(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::uint32_t input : plan.nodes[i].inputs) {
      const std::uint32_t from = plan.edges[input].from;
      gathered[i].insert(gathered[from].begin(), gathered[from].end());
      Set& to = plan.nodes[from].type->collects ? gathered[i] : straight[i];
      if (records_[from]) {
        to.insert(records_[from].get());
      } else {
        to.insert(straight[from].begin(), straight[from].end());
      }
    }
    if (!is_station(plan.nodes[i])) continue;
    records_[i] = std::make_unique<StationRecords>(
        run_records_, *nodes[i],
        std::vector<const StationRecords*>(gathered[i].begin(), gathered[i].end()));
  }
}

void Stations::stop() noexcept {
  for (const auto& station : stations_) {
    if (station) station->stop();
  }
}

std::int64_t Stations::done_before(std::size_t node) const {
  return records_[node] ? records_[node]->skipped() : 0;
}

std::int64_t Stations::backing_off(std::size_t node) const {
  return stations_[node] ? static_cast<std::int64_t>(stations_[node]->backing_off()) : 0;
}

std::string Stations::set_slots(const std::string& limit, std::int64_t slots) {
  for (const auto& admission : admissions_) {
    const std::vector<Admission::Settings>& settings = admission->settings();
    for (std::size_t i = 0; i < settings.size(); ++i) {
      if (settings[i].name != limit) continue;
      if (!settings[i].slots) return "the limit '" + limit + "' has no slots";
      admission->set_slots(i, slots);
      return {};
    }
  }
  return "there is no limit '" + limit + "'";
}

}  // namespace weir::runtime
