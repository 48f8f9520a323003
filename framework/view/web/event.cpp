#include "view/web/event.hpp"

#include <algorithm>

#include "view/bottleneck.hpp"
#include "view/bounds_of_node.hpp"
#include "view/outlook.hpp"
#include "view/status_json.hpp"
#include "view/text.hpp"
#include "view/why.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRunning = 50;
constexpr std::size_t kLongestRunning = 200;

template <class T>
void put(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

Json run_json(const runtime::Status& status, const EventExtras& extras) {
  Json run = {{"id", status.id},
              {"pipeline", status.pipeline},
              {"state", extras.outcome.value_or(state_of(status))},
              {"started", extras.started},
              {"seconds", status.seconds},
              {"threads", status.threads}};
  if (extras.rates != nullptr && !extras.outcome) {
    put(run, "left", outlook(status, *extras.rates).left);
  }
  put(run, "exit_code", extras.exit_code);
  return run;
}

/// `whole`: as `weir status` tells them.
Json nodes_json(const runtime::Status& status, Json whole, const EventExtras& extras) {
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    const runtime::NodeStatus& node = status.nodes[i];
    Json& json = whole[i];
    json.erase("items");  // `running` has them, of all nodes together
    if (extras.rates != nullptr && !extras.outcome) put(json, "rate", extras.rates->of(i));
    if (pending(node) > 0) {
      if (std::string held = limits_text(status, node); !held.empty()) json["held_by"] = held;
    }
  }
  return whole;
}

Json running_json(const runtime::Status& status) {
  struct Running {
    const runtime::NodeStatus* node;
    const runtime::ItemStatus* item;
  };
  std::vector<Running> all;
  for (const runtime::NodeStatus& node : status.nodes) {
    for (const runtime::ItemStatus& item : node.items) all.push_back({&node, &item});
  }
  std::stable_sort(all.begin(), all.end(), [](const Running& a, const Running& b) {
    return a.item->seconds > b.item->seconds;
  });
  if (all.size() > kMostRunning) all.resize(kMostRunning);
  Json list = Json::array();
  for (const auto& [node, item] : all) {
    list.push_back({{"node", node->name},
                    {"item", one_line(item->text, kLongestRunning)},
                    {"number", item->number},
                    {"seconds", item->seconds},
                    {"attempt", item->attempt}});
    if (!item->last_line.empty())
      list.back()["last_line"] = one_line(item->last_line, kLongestRunning);
  }
  return list;
}

/// `bottleneck` and `why`: what holds it back, or has held it back.
void add_reasons(const runtime::Status& status, const EventExtras& extras, Json& json) {
  std::vector<std::string> lines;
  Bottleneck first;
  if (!extras.outcome) {
    first = bottleneck_of(findings(status));
    lines = why(status);
    if (!first.nodes.empty()) lines.front() = sentence(first);
  } else if (extras.held_back != nullptr) {
    const std::vector<Bottleneck> all = extras.held_back->all();
    for (const Bottleneck& bottleneck : all) lines.push_back(sentence(bottleneck));
    if (!all.empty()) first = all.front();
  }
  json["bottleneck"] = to_json(first);
  json["why"] = lines;
}

}  // namespace

std::string event_json(const runtime::Status& status, const EventExtras& extras) {
  Json whole = to_json(status);
  Json json = {{"mode", "live"}, {"run", run_json(status, extras)}};
  if (extras.graph != nullptr) json["graph"] = *extras.graph;
  json["nodes"] = nodes_json(status, std::move(whole.at("nodes")), extras);
  add_reasons(status, extras, json);
  json["sources"] = std::move(whole.at("sources"));
  json["limits"] = std::move(whole.at("limits"));
  json["running"] = extras.outcome ? Json::array() : running_json(status);
  json["failures_total"] = extras.failures_total;
  if (extras.failures != nullptr) json["failures"] = extras.failures->json();
  if (extras.series != nullptr) {
    if (extras.graph != nullptr) {
      json["series"] = extras.series->json();
    } else {
      json["point"] = extras.series->newest();
    }
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace weir::view
