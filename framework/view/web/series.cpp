#include "view/web/series.hpp"

#include <algorithm>

#include "view/node_counts.hpp"

namespace weir::view {
namespace {

void keep_every_other(std::vector<std::int64_t>& points) {
  for (std::size_t i = 0; 2 * i < points.size(); ++i) points[i] = points[2 * i];
  points.resize((points.size() + 1) / 2);
}

}  // namespace

void Series::add(const runtime::Status& status) {
  if (points_ == 0) {
    t0_ = status.seconds;
    for (const runtime::NodeStatus& node : status.nodes) order_.push_back(node.name);
  } else if (status.seconds < t0_ + static_cast<double>(points_) * step_) {
    return;
  }
  // A point that is late (the process was stopped, the machine slept) stands for the missed ones.
  const auto missed = static_cast<std::size_t>((status.seconds - t0_) / step_) - points_;
  for (std::size_t i = 0; i <= std::min(missed, most_points_); ++i) {
    for (const runtime::NodeStatus& node : status.nodes) {
      Node& points = nodes_[node.name];
      points.running.push_back(node.running);
      points.waiting.push_back(pending(node));
      points.done.push_back(node.done);
    }
    ++points_;
    if (points_ > most_points_) halve();
  }
}

void Series::halve() {
  for (auto& [name, node] : nodes_) {
    keep_every_other(node.running);
    keep_every_other(node.waiting);
    keep_every_other(node.done);
  }
  points_ = (points_ + 1) / 2;
  step_ *= 2;
}

nlohmann::ordered_json Series::json() const {
  nlohmann::ordered_json nodes = nlohmann::ordered_json::object();
  for (const auto& name : order_) {
    const Node& node = nodes_.at(name);
    nodes[name] = {{"running", node.running}, {"waiting", node.waiting}, {"done", node.done}};
  }
  return {{"step", step_}, {"t0", t0_}, {"nodes", std::move(nodes)}};
}

nlohmann::ordered_json Series::newest() const {
  if (points_ == 0) return nullptr;
  nlohmann::ordered_json nodes = nlohmann::ordered_json::object();
  for (const auto& name : order_) {
    const Node& node = nodes_.at(name);
    nodes[name] = {{"running", node.running.back()},
                   {"waiting", node.waiting.back()},
                   {"done", node.done.back()}};
  }
  const double t = t0_ + static_cast<double>(points_ - 1) * step_;
  return {{"t", t}, {"step", step_}, {"nodes", std::move(nodes)}};
}

}  // namespace weir::view
