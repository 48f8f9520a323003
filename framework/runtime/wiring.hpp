#pragma once

/// The edges of a plan, as edges between parts of oneTBB's flow graph.

#include <deque>
#include <memory>
#include <vector>

#include "compile/plan.hpp"
#include "runtime/drivers.hpp"
#include "runtime/flow_parts.hpp"
#include "runtime/intake.hpp"
#include "runtime/stations.hpp"
#include "runtime/tick_timer.hpp"

namespace weir::runtime {

/// Gives every node what runs it, and every edge the way to that.
class Wiring {
 public:
  /// `nodes` are those of the plan. All of them must outlive it, and it the run.
  Wiring(const compile::Plan& plan, const std::vector<std::unique_ptr<Node>>& nodes,
         Stations& stations, FlowParts& parts, Drivers& drivers);

 private:
  /// How edges reach a node.
  struct EntryPoint {
    Station* station = nullptr;      ///< of a function that waits or blocks, and nothing else
    Intake* intake = nullptr;        ///< before it, if something comes from outside
    Receiver* node = nullptr;        ///< what runs it
    LimiterGate* gate = nullptr;     ///< before it, if gated
    QueueNode* own_queue = nullptr;  ///< before the gate, for what doesn't come from a queue
  };

  void note_what_comes_from_outside();
  void connect_ports(std::size_t index);
  Edge connect(Node& from, const compile::PlannedEdge& planned);
  Receiver& way_to(const Node& from, EntryPoint& entry);
  QueueNode& own_queue(EntryPoint& entry);
  void make_entry(std::size_t index);
  void make_way_back(Node& node, EntryPoint& entry);
  Intake& make_intake(Node& node);
  Receiver& make_node(Node& node, std::size_t concurrency, LimiterGate* gate);
  void look_at_ticks(Node& node);

  const compile::Plan& plan_;
  const std::vector<std::unique_ptr<Node>>& nodes_;
  Stations& stations_;
  FlowParts& parts_;
  Drivers& drivers_;
  std::vector<bool> comes_from_outside_;
  std::vector<EntryPoint> entries_;
  std::deque<std::unique_ptr<Intake>> intakes_;
  std::vector<std::unique_ptr<TickTimer>> timers_;
};

}  // namespace weir::runtime
