#include "view/bottleneck.hpp"

#include <fmt/format.h>

namespace weir::view {

Bottleneck bottleneck_of(const std::vector<Finding>& findings) {
  if (findings.empty() || !findings.front().is_bottleneck) return {};
  const Finding& first = findings.front();
  return {first.nodes, first.limits, first.text, first.reason, "", false};
}

std::string names_of(const std::vector<std::string>& nodes) {
  if (nodes.empty()) return "";
  if (nodes.size() == 1) return nodes.front();
  if (nodes.size() == 2) return nodes.front() + " and " + nodes.back();
  return fmt::format("{} and {} others", nodes.front(), nodes.size() - 1);
}

std::string sentence(const Bottleneck& bottleneck) {
  if (bottleneck.nodes.empty()) return "";
  const bool is_one = bottleneck.nodes.size() == 1;
  const char* const verb = bottleneck.is_over ? "held" : is_one ? "holds" : "hold";
  const std::string length = bottleneck.length.empty() ? "" : " " + bottleneck.length;
  return fmt::format("{} {} it back{}: {}", names_of(bottleneck.nodes), verb, length,
                     bottleneck.text);
}

std::string most_text(std::int64_t running, std::int64_t waiting, const Bottleneck& bottleneck) {
  if (waiting <= 0) return "";
  return fmt::format("; at most {} ran, and {} waited{}", running, waiting,
                     bottleneck.nodes.size() == 1 ? "" : " at one of them");
}

nlohmann::ordered_json to_json(const Bottleneck& bottleneck) {
  if (bottleneck.nodes.empty()) return nullptr;
  return {{"node", bottleneck.nodes.front()},
          {"nodes", bottleneck.nodes},
          {"names", names_of(bottleneck.nodes)},
          {"text", sentence(bottleneck)}};
}

}  // namespace weir::view
