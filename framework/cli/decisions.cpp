#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "cli/command.hpp"
#include "cli/execute.hpp"
#include "runtime/run.hpp"
#include "view/terminal/columns.hpp"
#include "view/text.hpp"

namespace weir::cli {
namespace {

using Said = runtime::RecordOptions::Said;
using What = runtime::Decision::What;

/// Says nothing but errors.
class Silent final : public runtime::Observer {
 public:
  void item_ended(const runtime::ItemEnd& /*end*/) noexcept override {}
  void note(std::string_view /*node*/, std::string_view /*line*/) noexcept override {}
  std::string print(std::string_view /*lines*/) noexcept override { return {}; }
};

struct Line {
  std::string node;
  std::int64_t number;
  std::string what;
  std::string item;
  std::string why;
};

std::string shown(const std::string& item) { return view::one_line(item, 100); }

/// Why a new item is new: where it stands there was another one, which is gone.
std::string why_new(const Said& said, const journal::History& past,
                    const std::set<journal::Key>& seen) {
  for (const journal::Row* row : past.rows(said.node)) {
    if (row->seq != said.number || row->is_gone || seen.count(row->key) != 0) continue;
    return fmt::format("item changed (it was {})", shown(row->item));
  }
  return "new";
}

/// What comes of items that are run is not known before they are; what came of them before is.
void add_descendants(const journal::History& past, const std::map<std::string, std::size_t>& nodes,
                     std::map<std::string, std::set<journal::Key>>& ran, std::vector<Line>& lines) {
  bool any = true;
  while (any) {
    any = false;
    for (const std::string& node : past.nodes()) {
      if (nodes.count(node) == 0) continue;  // the pipeline has it no more
      for (const journal::Row* row : past.rows(node)) {
        if (!row->parent || row->is_gone || ran[node].count(row->key) != 0) continue;
        const bool is_child = std::any_of(ran.begin(), ran.end(), [&](const auto& of) {
          return of.first != node && of.second.count(*row->parent) != 0;
        });
        if (!is_child) continue;
        ran[node].insert(row->key);
        lines.push_back({node, row->seq, "run", shown(row->item), "upstream changed"});
        any = true;
      }
    }
  }
}

/// The functions that keep a record of their items and may get new ones, of what is run.
std::vector<std::string> reached(const compile::Plan& plan, const std::vector<Line>& lines) {
  std::set<std::string> run;
  for (const Line& line : lines) {
    if (line.what == "run") run.insert(line.node);
  }
  std::vector<std::string> to;
  std::vector<bool> gives(plan.nodes.size());
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    const compile::PlannedNode& node = plan.nodes[i];
    const bool is_reached =
        std::any_of(node.inputs.begin(), node.inputs.end(),
                    [&](std::uint32_t input) { return gives[plan.edges[input].from]; });
    gives[i] = is_reached || run.count(node.name) != 0;
    const bool is_recorded =
        node.type->kind == abi::Kind::function && node.work != abi::Work::computes;
    if (is_reached && is_recorded) to.push_back(node.name);
  }
  return to;
}

}  // namespace

int show_decisions(const compile::Plan& plan, const RunRecord& record,
                   runtime::RecordOptions records) {
  std::mutex mutex;
  std::vector<Said> all;
  records.only_say = [&](const Said& said) {
    const std::lock_guard lock(mutex);
    all.push_back(said);
  };
  Silent observer;
  runtime::RunOptions options;
  options.records = records;
  const RunSummary summary = runtime::run(plan, options, observer);
  if (!summary.errors.empty()) {
    for (const std::string& error : summary.errors) {
      std::cerr << "weir: error: " << view::one_line(error, 2000) << "\n";
    }
    return kCannotWork;
  }
  const journal::History& past = *record.history();
  std::map<std::string, std::set<journal::Key>> seen;
  std::map<std::string, std::set<journal::Key>> ran;
  for (const Said& said : all) {
    seen[said.node].insert(said.key);
    if (said.decision.what == What::run) ran[said.node].insert(said.key);
  }
  std::vector<Line> lines;
  for (const Said& said : all) {
    std::string why(said.decision.why);
    if (why == "new") why = why_new(said, past, seen[said.node]);
    const char* const what = said.decision.what == What::run    ? "run"
                             : said.decision.what == What::skip ? "skip"
                                                                : "leave";
    lines.push_back({said.node, said.number, what, shown(said.item), std::move(why)});
  }
  std::map<std::string, std::size_t> order;
  for (const compile::PlannedNode& node : plan.nodes) order.emplace(node.name, order.size());
  add_descendants(past, order, ran, lines);
  std::stable_sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) {
    return std::pair(order[a.node], a.number) < std::pair(order[b.node], b.number);
  });
  std::size_t node_width = 0;
  std::size_t item_width = 0;
  for (const Line& line : lines) {
    node_width = std::max(node_width, line.node.size());
    item_width = std::max(item_width, view::columns(line.item));
  }
  std::size_t runs = 0;
  for (const Line& line : lines) {
    std::cout << fmt::format("{:<4}  {:<{}}  {}  {}\n", line.what, line.node, node_width,
                             view::padded(line.item, item_width), line.why);
    if (line.what == "run") ++runs;
  }
  std::cout << fmt::format("{} to run, {} to skip; nothing was run\n", runs, lines.size() - runs);
  if (const auto more = reached(plan, lines); !more.empty()) {
    std::cout << fmt::format("what else comes of them is run too, by {}\n", fmt::join(more, ", "));
  }
  return kDone;
}

}  // namespace weir::cli
