#include "view/web/event.hpp"

#include <algorithm>

#include "view/bounds_of_node.hpp"
#include "view/status_json.hpp"
#include "view/text.hpp"
#include "view/why.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRunning = 50;
constexpr std::size_t kLongestItem = 200;

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
  put(run, "exit_code", extras.exit_code);
  return run;
}

Json node_json(const runtime::Status& status, const runtime::NodeStatus& node,
               const EventExtras& extras) {
  Json json = {{"name", node.name}, {"kind", node.kind}, {"type", node.type}, {"work", node.work}};
  put(json, "limit", node.limit);
  if (!node.limits.empty()) json["limits"] = node.limits;
  put(json, "capacity", node.capacity);
  json["in"] = node.in;
  json["done"] = node.done;
  json["failed"] = node.failed;
  json["cancelled"] = node.cancelled;
  json["running"] = node.running;
  json["waiting"] = node.waiting;
  json["queued"] = node.queued;
  json["backing_off"] = node.backing_off;
  put(json, "next_attempt", node.next_attempt);
  json["rate"] = extras.rates != nullptr && !extras.outcome ? extras.rates->of(node.name) : 0.0;
  if (pending(node) > 0) {
    if (std::string held = limits_text(status, node); !held.empty()) json["held_by"] = held;
  }
  return json;
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
                    {"item", one_line(item->text, kLongestItem)},
                    {"number", item->number},
                    {"seconds", item->seconds},
                    {"attempt", item->attempt}});
    if (!item->last_line.empty())
      list.back()["last_line"] = one_line(item->last_line, kLongestItem);
  }
  return list;
}

/// The node that a line of `why` is about, which begins with its name.
std::string node_of(const runtime::Status& status, const std::string& line) {
  std::string found;
  for (const runtime::NodeStatus& node : status.nodes) {
    if (line.starts_with(node.name + ": ") && node.name.size() >= found.size()) found = node.name;
  }
  return found;
}

}  // namespace

std::string event_json(const runtime::Status& status, const EventExtras& extras) {
  const Json whole = to_json(status);
  Json json = {{"mode", "live"}, {"run", run_json(status, extras)}};
  if (extras.graph != nullptr) json["graph"] = *extras.graph;
  json["nodes"] = Json::array();
  for (const auto& node : status.nodes) json["nodes"].push_back(node_json(status, node, extras));
  const std::vector<std::string> why =
      extras.outcome ? std::vector<std::string>() : view::why(status);
  json["bottleneck"] = nullptr;
  if (!why.empty()) {
    if (const std::string node = node_of(status, why.front()); !node.empty()) {
      json["bottleneck"] = {{"node", node}, {"text", why.front()}};
    }
  }
  json["why"] = why;
  json["sources"] = whole.at("sources");
  json["limits"] = whole.at("limits");
  json["running"] = extras.outcome ? Json::array() : running_json(status);
  json["failures"] = extras.failures != nullptr ? extras.failures->json() : Json::array();
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
