#pragma once

/// How the counts of a run's nodes went, for sparklines.

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/status.hpp"

namespace weir::view {

/// At even distances, from the beginning. When there are too many points, every other one is left
/// out and the distance doubles: a run of any length takes the same memory.
class Series {
 public:
  static constexpr std::size_t kMostPoints = 600;

  explicit Series(double step = 1, std::size_t most_points = kMostPoints)
      : step_(step), most_points_(most_points) {}

  /// To be called about every `step`, or more often: it takes what it needs.
  void add(const runtime::Status& status);

  /// {"step", "t0", "nodes": {name: {"running": […], "waiting": […], "done": […]}}}. What lies in a
  /// queue waits at its reader, too, as in a report.
  nlohmann::ordered_json json() const;
  /// The newest point: {"t", "step", "nodes": {name: {"running", "waiting", "done"}}}; null: none.
  nlohmann::ordered_json newest() const;

 private:
  struct Node {
    std::vector<std::int64_t> running, waiting, done;
  };
  void halve();

  double step_;
  const std::size_t most_points_;
  double t0_ = 0;
  std::size_t points_ = 0;
  std::vector<std::string> order_;
  std::map<std::string, Node> nodes_;
};

}  // namespace weir::view
