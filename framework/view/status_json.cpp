#include "view/status_json.hpp"

#include <optional>
#include <type_traits>
#include <vector>

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

// Each struct's members are named once, for both directions: `S` is const when they are written.

template <class S, class T>
concept Like = std::is_same_v<std::remove_const_t<S>, T>;

template <Like<runtime::ItemStatus> S, class Visit>
void each_field(S& item, Visit visit) {
  visit("text", item.text);
  visit("key", item.key);
  visit("number", item.number);
  visit("seconds", item.seconds);
  visit("attempt", item.attempt);
  visit("last_line", item.last_line);
}

template <Like<runtime::NodeStatus> S, class Visit>
void each_field(S& node, Visit visit) {
  visit("name", node.name);
  visit("kind", node.kind);
  visit("type", node.type);
  visit("work", node.work);
  visit("reads", node.reads);
  visit("limit", node.limit);
  visit("limits", node.limits);
  visit("capacity", node.capacity);
  visit("in", node.in);
  visit("done", node.done);
  visit("failed", node.failed);
  visit("cancelled", node.cancelled);
  visit("running", node.running);
  visit("waiting", node.waiting);
  visit("held_back", node.held_back);
  visit("halted", node.halted);
  visit("queued", node.queued);
  visit("backing_off", node.backing_off);
  visit("next_attempt", node.next_attempt);
  visit("items", node.items);
  visit("peak_running", node.peak_running);
  visit("peak_waiting", node.peak_waiting);
}

template <Like<runtime::SourceStatus> S, class Visit>
void each_field(S& source, Visit visit) {
  visit("node", source.node);
  visit("ended", source.ended);
  visit("held_back", source.held_back);
  visit("items_in_flight", source.items_in_flight);
  visit("bytes_in_flight", source.bytes_in_flight);
  visit("max_items", source.max_items);
  visit("max_bytes", source.max_bytes);
  visit("total", source.total);
}

template <Like<runtime::HolderStatus> S, class Visit>
void each_field(S& holder, Visit visit) {
  visit("node", holder.node);
  visit("item", holder.item);
  visit("seconds", holder.seconds);
}

template <Like<runtime::WaiterStatus> S, class Visit>
void each_field(S& waiter, Visit visit) {
  visit("node", waiter.node);
  visit("items", waiter.items);
}

template <Like<runtime::LimitState> S, class Visit>
void each_field(S& state, Visit visit) {
  visit("key", state.key);
  visit("taken", state.taken);
  visit("memory_taken", state.memory_taken);
  visit("running", state.running);
  visit("waiting", state.waiting);
  visit("paused_for", state.paused_for);
  visit("next_start", state.next_start);
  visit("holders", state.holders);
  visit("waiters", state.waiters);
}

template <Like<runtime::LimitStatus> S, class Visit>
void each_field(S& limit, Visit visit) {
  visit("name", limit.name);
  visit("is_own", limit.is_own);
  visit("per", limit.per);
  visit("slots", limit.slots);
  visit("interval", limit.interval);
  visit("memory", limit.memory);
  visit("states", limit.states);
}

template <Like<runtime::Status> S, class Visit>
void each_field(S& status, Visit visit) {
  visit("pipeline", status.pipeline);
  visit("id", status.id);
  visit("seconds", status.seconds);
  visit("threads", status.threads);
  visit("lacks", status.lacks);
  visit("stopping", status.stopping);
  visit("cut_off", status.cut_off);
  visit("nodes", status.nodes);
  visit("sources", status.sources);
  visit("limits", status.limits);
}

// They call each other.
template <class T>
Json written(const std::optional<T>& value);
template <class T>
Json written(const std::vector<T>& values);
template <class T>
void read(const Json& json, std::optional<T>& value);
template <class T>
void read(const Json& json, std::vector<T>& values);

template <class T>
Json written(const T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else {
    Json json = Json::object();
    each_field(value, [&](const char* name, const auto& member) { json[name] = written(member); });
    return json;
  }
}
template <class T>
Json written(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}
template <class T>
Json written(const std::vector<T>& values) {
  Json json = Json::array();
  for (const T& value : values) json.push_back(written(value));
  return json;
}

template <class T>
void read(const Json& json, T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    json.get_to(value);
  } else {
    each_field(value, [&](const char* name, auto& member) {
      // What an older weir doesn't know it doesn't say.
      const bool may_lack = requires { member.has_value(); };
      if (may_lack && !json.contains(name)) return;
      read(json.at(name), member);
    });
  }
}
template <class T>
void read(const Json& json, std::optional<T>& value) {
  if (!json.is_null()) value = json.get<T>();
}
template <class T>
void read(const Json& json, std::vector<T>& values) {
  for (const Json& element : json.get_ref<const Json::array_t&>()) {
    read(element, values.emplace_back());
  }
}

}  // namespace

Json to_json(const runtime::Status& status) {
  Json json = {{"weir", 1}, {"state", state_of(status)}};
  json.update(written(status));
  return json;
}

runtime::Status status_of_json(const Json& json) {
  runtime::Status status;
  read(json, status);
  return status;
}

std::string state_of(const runtime::Status& status) {
  if (status.cut_off) return "ending";
  return status.stopping ? "stopping" : "running";
}

}  // namespace weir::view
