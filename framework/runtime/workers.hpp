#pragma once

/// The worker threads of a run. They are brought up before anything runs: later, commands may have
/// taken the last process that the system grants, and oneTBB ends the program, or waits for ever,
/// where it gets no thread.

#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/task_arena.h>

#include "runtime/executor.hpp"

namespace weir::runtime {

/// Throws std::system_error if there are not so many workers to be had, at this moment, beside the
/// other threads of a run.
void check_threads(int workers);

/// Returns when all workers of the arena are there.
void bring_up(oneapi::tbb::task_arena& arena, int workers);

/// Tasks of the graph's arena, which the graph waits for.
class ArenaExecutor final : public Executor {
 public:
  ArenaExecutor(oneapi::tbb::task_arena& arena, oneapi::tbb::flow::graph& graph)
      : arena_(arena), graph_(graph) {}
  void execute(Task& task) noexcept override;

 private:
  oneapi::tbb::task_arena& arena_;
  oneapi::tbb::flow::graph& graph_;
};

}  // namespace weir::runtime
