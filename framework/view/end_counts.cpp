#include "view/end_counts.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <system_error>

#include "journal/error.hpp"
#include "journal/file.hpp"

namespace weir::view {

std::optional<std::map<std::string, EndCounts>> end_counts(const journal::RunDirectory& run) {
  using Json = nlohmann::ordered_json;
  std::error_code ignored;
  if (!std::filesystem::exists(run.summary_file(), ignored)) return std::nullopt;
  std::map<std::string, EndCounts> counts;
  try {
    const Json summary = Json::parse(journal::read_file(run.summary_file()));
    const Json nodes = summary.value("nodes", Json::object());
    for (const auto& [name, from] : nodes.items()) {
      counts[name] = {
          from.at("in").get<std::int64_t>(),          from.at("done").get<std::int64_t>(),
          from.at("failed").get<std::int64_t>(),      from.at("cancelled").get<std::int64_t>(),
          from.at("busy_seconds").get<double>(),      from.at("peak_running").get<std::int64_t>(),
          from.at("peak_waiting").get<std::int64_t>()};
    }
  } catch (const Json::exception& error) {
    throw journal::Error(
        fmt::format("'{}' is damaged: {}", run.summary_file().string(), error.what()));
  }
  return counts;
}

}  // namespace weir::view
