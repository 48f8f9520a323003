#pragma once

/// Plan → oneTBB's flow graph. The only part that knows oneTBB.

#include <cstdint>
#include <memory>
#include <vector>

#include "compile/plan.hpp"
#include "runtime/control.hpp"
#include "runtime/live_run.hpp"
#include "runtime/node.hpp"
#include "runtime/records.hpp"

namespace weir::runtime {

class Stations;

struct GraphOptions {
  int threads = 1;          ///< workers, beside the calling thread
  std::uint32_t batch = 0;  ///< the size of every source's batches; 0: it is found
  RecordOptions records;
};

/// Build it, `start` it, wait until the control is idle, then `wait`, then destroy it.
class Graph final : public LiveRun {
 public:
  /// The plan and the control must outlive it.
  Graph(const compile::Plan& plan, Control& control, const GraphOptions& options);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  /// Lets the sources begin.
  void start();
  /// Blocks until no thread has anything left to do in the graph.
  void wait();

  Status status() const override;
  std::string set_slots(const std::string& limit, std::int64_t slots) override;

  /// In the order of the plan.
  const std::vector<std::unique_ptr<Node>>& nodes() const;
  /// Its functions that wait or block.
  const Stations& stations() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::runtime
