#pragma once

/// Calls nodes that want to be called although no item comes.

#include <atomic>

#include "io/reactor.hpp"
#include "runtime/node.hpp"

namespace weir::runtime {

/// One timer of one node, at most one under way. It brings the node a tick, as if it were an item:
/// so it comes when the node works on nothing else, and not after its end.
class TickTimer final : private io::Timer {
 public:
  /// `node` must outlive the reactor.
  explicit TickTimer(Node& node) : node_(node) {}

  /// The node has worked: looks when it is due. By the thread that works on the node.
  void look() noexcept;

 private:
  void complete(bool cancelled) noexcept override;

  Node& node_;
  std::atomic<bool> under_way_{false};
};

}  // namespace weir::runtime
