#include "view/requests.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "spec/diagnostic.hpp"
#include "spec/names.hpp"
#include "view/status_json.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// "registry (3), push (2)", of those that have slots.
std::string named_limits(const runtime::Status& status) {
  std::vector<std::string> texts;
  for (const runtime::LimitStatus& limit : status.limits) {
    if (limit.slots) texts.push_back(fmt::format("{} ({})", limit.name, *limit.slots));
  }
  if (texts.empty()) return "this run has no limit with slots";
  return fmt::format("the limits with slots are {}", fmt::join(texts, ", "));
}

/// Throws RequestError if there is no such limit, or none that has slots.
const runtime::LimitStatus& find_limit(const runtime::Status& status, const std::string& name) {
  std::vector<std::string> names;
  for (const runtime::LimitStatus& limit : status.limits) {
    if (limit.name == name) {
      if (limit.slots) return limit;
      throw RequestError(
          fmt::format("limit '{}' has no slots that could be set; {}", name, named_limits(status)));
    }
    names.push_back(limit.name);
  }
  const bool is_node =
      std::any_of(status.nodes.begin(), status.nodes.end(),
                  [&](const runtime::NodeStatus& node) { return node.name == name; });
  throw RequestError(
      is_node ? fmt::format("node '{}' has no limit of its own; {}", name, named_limits(status))
              : fmt::format("there is no limit {}{}; {}", spec::quote(name),
                            spec::did_you_mean(name, names), named_limits(status)));
}

std::int64_t slots_of(const std::string& name, const Json& value) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (!value.is_number_integer() || value < 0 || value > most) {
    throw RequestError(
        fmt::format("the slots of limit {} have to be a whole number from 0", spec::quote(name)));
  }
  return value.get<std::int64_t>();
}

Json set_limits(const Json& set, RunControl& run) {
  if (!set.is_object() || set.empty()) {
    throw RequestError("'set' has to be an object of limits and their slots");
  }
  const runtime::Status status = run.status();
  std::vector<LimitChange> changes;
  for (const auto& [name, value] : set.items()) {
    const std::int64_t before = find_limit(status, name).slots.value();
    changes.push_back({name, slots_of(name, value), before});
  }
  Json limits = Json::array();
  for (const LimitChange& change : changes) {
    const std::string error = run.set_slots(change.limit, change.slots);
    if (!error.empty()) throw RequestError(error);
    limits.push_back({{"name", change.limit}, {"slots", change.slots}, {"before", change.before}});
  }
  return {{"ok", true}, {"limits", std::move(limits)}};
}

/// Throws RequestError if there is a key that `known` doesn't have: it may matter.
void check_keys(const Json& request, const std::vector<std::string>& known) {
  for (const auto& [key, value] : request.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw RequestError(fmt::format("unknown key {} in the request{}", spec::quote(key),
                                   spec::did_you_mean(key, known)));
  }
}

Json reply_to(std::string_view text, RunControl& run) {
  const Json request = Json::parse(text, nullptr, false);
  if (!request.is_object()) throw RequestError("a request is a JSON object on a line");
  const auto what = request.find("do");
  if (what == request.end() || (*what != "status" && *what != "limit")) {
    throw RequestError("a request has to have \"do\": \"status\" or \"limit\"");
  }
  if (*what == "status") {
    check_keys(request, {"do"});
    return {{"ok", true}, {"status", to_json(run.status())}};
  }
  check_keys(request, {"do", "set"});
  return set_limits(request.value("set", Json()), run);
}

/// Calls `read` with a good reply.
template <class Read>
auto read_reply(std::string_view text, Read read) {
  try {
    const Json reply = Json::parse(text);
    if (const auto error = reply.find("error"); error != reply.end()) {
      throw RequestError(error->get<std::string>());
    }
    return read(reply);
  } catch (const Json::exception& error) {
    throw RequestError(
        fmt::format("the run's answer makes no sense; is it run by another version "
                    "of weir? ({})",
                    error.what()));
  }
}

}  // namespace

std::string answer(std::string_view request, RunControl& run) {
  try {
    return line(reply_to(request, run));
  } catch (const std::exception& error) {
    return line({{"error", error.what()}});
  }
}

std::string status_request() { return line({{"do", "status"}}); }

std::string limit_request(const std::vector<LimitChange>& changes) {
  Json set = Json::object();
  for (const LimitChange& change : changes) set[change.limit] = change.slots;
  return line({{"do", "limit"}, {"set", std::move(set)}});
}

runtime::Status read_status_reply(std::string_view reply) {
  return read_reply(reply, [](const Json& json) { return status_of_json(json.at("status")); });
}

std::vector<LimitChange> read_limit_reply(std::string_view reply) {
  return read_reply(reply, [](const Json& json) {
    std::vector<LimitChange> changes;
    for (const Json& limit : json.at("limits")) {
      changes.push_back({limit.at("name").get<std::string>(), limit.at("slots").get<std::int64_t>(),
                         limit.at("before").get<std::int64_t>()});
    }
    return changes;
  });
}

}  // namespace weir::view
