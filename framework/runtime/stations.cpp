#include "runtime/stations.hpp"

#include <set>

#include "runtime/gathered.hpp"

namespace weir::runtime {

namespace {

/// The collectors that a node's items come to if they don't fail, by those of its readers.
std::set<Gathered*> gathering(const compile::Plan& plan,
                              const std::vector<std::unique_ptr<Node>>& nodes,
                              const std::vector<std::set<Gathered*>>& behind, std::size_t node) {
  std::set<Gathered*> all;
  for (const compile::PlannedPort& port : plan.nodes[node].ports) {
    if (port.name == "failed") continue;
    for (const std::uint32_t edge : port.readers) {
      const std::uint32_t reader = plan.edges[edge].to;
      all.insert(behind[reader].begin(), behind[reader].end());
      if (nodes[reader]->gathered) all.insert(nodes[reader]->gathered.get());
    }
  }
  return all;
}

/// Of each node, whether one behind it goes by the order in which its items come: one that takes
/// them one by one, with no function between that has an order of its own.
std::vector<bool> whose_order_matters(const compile::Plan& plan) {
  std::vector<bool> matters(plan.nodes.size());
  for (std::size_t i = plan.nodes.size(); i-- > 0;) {
    for (const compile::PlannedPort& port : plan.nodes[i].ports) {
      if (port.name == "failed") continue;
      for (const std::uint32_t edge : port.readers) {
        const std::uint32_t reader = plan.edges[edge].to;
        const compile::PlannedNode& node = plan.nodes[reader];
        if (Stations::is_station(node) || node.type->kind == abi::Kind::sink) continue;
        const bool is_one_by_one = node.type->kind == abi::Kind::function && !node.type->concurrent;
        matters[i] = matters[i] || is_one_by_one || matters[reader];
      }
    }
  }
  return matters;
}

}  // namespace

bool Stations::is_station(const compile::PlannedNode& planned) {
  return planned.type->kind == abi::Kind::function && planned.work != abi::Work::computes;
}

Stations::Stations(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes,
                   const RecordOptions& records, Clock& clock, Executor& executor)
    : plan_(plan),
      run_records_(plan, records),
      limits_(plan),
      records_(nodes.size()),
      stations_(nodes.size()),
      pools_(nodes.size()) {
  for (const std::vector<Admission::Settings>& settings : limits_.groups()) {
    admissions_.push_back(std::make_unique<Admission>(settings, clock));
  }
  const std::vector<bool> order_matters = whose_order_matters(plan);
  std::vector<std::set<Gathered*>> behind(nodes.size());
  for (std::size_t i = nodes.size();
       i-- > 0;) {  // from the ends: readers stand behind what they read
    const compile::PlannedNode& planned = plan.nodes[i];
    if (planned.type->collects && run_records_.is_followed()) {
      nodes[i]->gathered = std::make_unique<Gathered>(run_records_);
    }
    behind[i] = gathering(plan, nodes, behind, i);
    if (!is_station(planned)) {
      if (run_records_.is_followed()) follow_failures(*nodes[i]);
      continue;
    }
    records_[i] = std::make_unique<StationRecords>(
        run_records_, *nodes[i], std::vector<Gathered*>(behind[i].begin(), behind[i].end()));
    if (planned.work == abi::Work::blocks) {
      const auto most = static_cast<std::size_t>(planned.limit.value_or(1));
      pools_[i] = std::make_unique<ThreadPool>(most);
    }
    const LimitPlan::OfNode& of = limits_.of(i);
    stations_[i] = std::make_unique<Station>(*nodes[i], *admissions_[of.group], of.limits, clock,
                                             executor, pools_[i].get(), *records_[i]);
    if (records.past != nullptr && order_matters[i] && !planned.ordered) {
      keep_old_order(*nodes[i], *stations_[i], clock, executor);
    }
  }
}

void Stations::keep_old_order(Node& node, Station& station, Clock& clock, Executor& executor) {
  std::vector<const journal::Row*> done;
  for (const journal::Row* const row : run_records_.options().past->rows(node.planned.name)) {
    if (row->state == journal::State::done && row->has_output) done.push_back(row);
  }
  // What is on its way to a function or at work there is open, and so are its inputs.
  OldOrder::Asks asks{[this](const journal::Row& row) {
                        const Awaited& awaited = run_records_.awaited();
                        return awaited.is(row) && !awaited.has_been_done_again(row);
                      },
                      [&node](std::size_t items) {
                        return node.planned.end_matters &&
                               node.open() == static_cast<std::int64_t>(items);
                      }};
  auto order = std::make_unique<OldOrder>(std::move(done), std::move(asks), clock, executor);
  node.on_settled = [its = order.get()] { its->look(); };
  station.keep_order(std::move(order));
}

void Stations::follow_failures(Node& node) {
  node.origin_of_failure = [this, &node](const Item& item, const Failure& failure) {
    return run_records_.add_failure_origin(node.planned.name, item, failure);
  };
}

void Stations::stop() noexcept {
  for (const auto& station : stations_) {
    if (station) station->stop();
  }
}

bool Stations::has_come(const journal::Row& row) const {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    if (plan_.nodes[i].name == row.node) return records_[i] && records_[i]->has_come(row);
  }
  return false;
}

/// Behind one that has failed, it may come again when that is done.
bool Stations::is_gone(const journal::Row& row, bool is_whole) const {
  if (has_come(row)) return false;
  const journal::Row* const parent = run_records_.options().past->parent_of(row);
  if (parent == nullptr) return is_whole;
  if (const auto is_done = run_records_.is_done(parent->key)) return *is_done;
  return has_come(*parent) ? is_whole : is_gone(*parent, is_whole);
}

void Stations::note_gone(bool is_whole) const {
  const journal::History* const past = run_records_.options().past;
  if (past == nullptr || !run_records_.is_written()) return;
  for (const std::string& node : past->nodes()) {
    for (const journal::Row* const row : past->rows(node)) {
      if (row->is_gone || !is_gone(*row, is_whole)) continue;
      run_records_.options().journal->came_or_went({node, row->key, true});
    }
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
