#pragma once

/// Runs a plan from its start to its end.

#include <chrono>
#include <functional>
#include <memory>

#include "compile/plan.hpp"
#include "runtime/live_run.hpp"
#include "runtime/observer.hpp"
#include "runtime/records.hpp"

namespace weir::runtime {

struct RunOptions {
  int threads = 0;          ///< 0: as many as there are CPUs for this process
  std::uint32_t batch = 0;  ///< the size of every source's batches; 0: it is found
  /// SIGINT, SIGTERM and SIGHUP stop the run, and all children of the process are the run's: for a
  /// program that does nothing else.
  bool own_process = false;
  /// From SIGTERM to SIGKILL for children of a stopped run.
  std::chrono::milliseconds grace{5000};
  RecordOptions records;
  /// Called before anything begins; what it gives is destroyed when the run is over, and may use
  /// `run` until then.
  std::function<std::shared_ptr<void>(LiveRun& run)> on_live;
};

/// Blocks until the run is over; nothing of it is left then. Throws only what the start of threads
/// and of the event loop throws (std::system_error, std::bad_alloc).
RunSummary run(const compile::Plan& plan, const RunOptions& options, Observer& observer);

}  // namespace weir::runtime
