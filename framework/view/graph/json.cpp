#include <nlohmann/json.hpp>

#include "view/graph/pictures.hpp"

namespace weir::view {

std::string json_picture(const Graph& graph, const Marks* marks) {
  using Json = nlohmann::ordered_json;
  Json json = to_json(graph);
  if (marks != nullptr) {
    json["run"] = {{"id", marks->run}, {"state", marks->state}, {"seconds", marks->seconds}};
  }
  for (Json& node : json["nodes"]) {
    const NodeMarks* const found = find_marks(marks, node["name"].get<std::string>());
    if (found == nullptr) continue;
    const NodeMarks& run = *found;
    node["run"] = {{"in", run.in},           {"done", run.done},
                   {"failed", run.failed},   {"cancelled", run.cancelled},
                   {"cut_off", run.cut_off}, {"running", run.running},
                   {"waiting", run.waiting}, {"busy_seconds", run.busy_seconds},
                   {"state", run.state}};
    if (!run.note.empty()) node["run"]["note"] = run.note;
    if (run.is_bottleneck) node["run"]["bottleneck"] = true;
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace weir::view
