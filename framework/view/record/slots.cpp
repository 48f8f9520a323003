#include "view/record/slots.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <stdexcept>
#include <vector>

#include "spec/diagnostic.hpp"

namespace weir::view {

void read_slots(const Recording& recording, const std::string& text, Slots& slots) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  std::vector<std::string> names;
  for (const GraphLimit& limit : recording.graph.limits) names.push_back(limit.name);
  for (const GraphNode& node : recording.graph.nodes) {
    if (node.kind == "function" && node.work != "computes") names.push_back(node.name);
  }
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw std::invalid_argument(
        fmt::format("the run has no limit '{}', and no function that waits{}", name,
                    spec::did_you_mean(name, names)));
  }
  const std::string value = equals == text.npos ? "" : text.substr(equals + 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (value == "unlimited") {
    slots[name] = std::nullopt;
  } else if (error == std::errc() && end == value.data() + value.size() && number > 0) {
    slots[name] = number;
  } else {
    throw std::invalid_argument(fmt::format(
        "'{}': what if {} had how many slots? It is {}=NUMBER, from 1 on, or {}=unlimited", text,
        name, name, name));
  }
}

}  // namespace weir::view
