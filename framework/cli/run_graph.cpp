#include "cli/run_graph.hpp"

#include <optional>

#include "cli/load.hpp"
#include "cli/resume.hpp"
#include "journal/file.hpp"
#include "journal/recorded.hpp"
#include "view/graph/run_marks.hpp"
#include "view/requests.hpp"

namespace weir::cli {
namespace {

/// As it was run.
std::optional<view::Graph> graph_of_pipeline(const journal::RunDirectory& run,
                                             const Tables& builtin) {
  const journal::RunInfo& info = run.info();
  RunInput input{info.file.string(), journal::read_file(run.pipeline_file().string())};
  take_over(info, input);
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load_text(input.file, input.text, input.load, registry);
  if (!plan) return std::nullopt;
  return view::graph_of(*plan);
}

std::optional<view::Graph> find_graph(const journal::RunDirectory& run, const Tables& builtin) {
  const std::string recorded = journal::read_graph(run.database());
  if (recorded.empty()) return graph_of_pipeline(run, builtin);
  return view::graph_of_json(nlohmann::ordered_json::parse(recorded));
}

}  // namespace

int graph_of_run(const RunChoice& choice, const Tables& builtin, RunGraph& to) {
  const auto take = [&](const journal::RunDirectory& run, const auto& marks_of) {
    std::optional<view::Graph> graph = find_graph(run, builtin);
    if (!graph) return kBadInput;
    to.graph = std::move(*graph);
    to.marks = marks_of();
    return kDone;
  };
  return with_run(choice, {.alive =
                               [&](const journal::RunDirectory& run) {
                                 return take(run, [&] {
                                   return view::marks_of(
                                       view::read_status_reply(ask(run, view::status_request())));
                                 });
                               },
                           .over =
                               [&](const journal::RunDirectory& run) {
                                 return take(run, [&] { return view::marks_of(run, to.graph); });
                               }});
}

}  // namespace weir::cli
