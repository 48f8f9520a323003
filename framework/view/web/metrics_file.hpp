#pragma once

/// A file that always holds the metrics of a run, for node_exporter's textfile collector.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "runtime/live_run.hpp"
#include "view/ticker.hpp"

namespace weir::view {

/// Nobody ever reads half of it: each time it is replaced by a new one.
class MetricsFile {
 public:
  static constexpr std::chrono::seconds kInterval{10};

  /// Writes the file for the first time. Throws std::runtime_error, for the user, if it can't.
  /// `warn` is called once, from another thread, if that fails later.
  MetricsFile(std::string path, const std::string& pipeline,
              std::function<void(const std::string& error)> warn);
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  /// For RunOptions::on_live: written now, every 10 seconds until the result is gone, and once
  /// then. `run` must outlive the result, and that must not outlive this.
  std::shared_ptr<void> begin(runtime::LiveRun& run);

 private:
  void write_again(runtime::LiveRun& run);

  const std::string path_;
  const std::function<void(const std::string&)> warn_;
  bool has_failed_ = false;
  std::unique_ptr<Ticker> ticker_;
};

}  // namespace weir::view
