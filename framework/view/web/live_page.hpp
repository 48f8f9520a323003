#pragma once

/// The page, the events and the metrics of a run that goes on.

#include <memory>
#include <string>

#include "compile/plan.hpp"
#include "io/web_server.hpp"
#include "journal/run_directory.hpp"
#include "runtime/live_run.hpp"
#include "view/web/recent_failures.hpp"

namespace weir::view {

/// Listens from when it is made; until `begin` there is nothing to see.
class LivePage {
 public:
  /// Throws std::runtime_error, for the user, if it can't listen.
  LivePage(const compile::Plan& plan, const io::WebServerOptions& options);
  ~LivePage();
  LivePage(const LivePage&) = delete;
  LivePage& operator=(const LivePage&) = delete;

  std::string url() const;
  /// The run's directory, which must outlive this; without one, or with null, there are no logs.
  void show(const journal::RunDirectory* directory);
  /// Has to hear of what ends.
  runtime::Observer& observer();

  /// For RunOptions::on_live. The run is looked at as long as the result exists, which must not
  /// outlive the page.
  std::shared_ptr<void> begin(runtime::LiveRun& run);
  /// How it ended, told to those who look; blocks for that, at most a second.
  void end(const RunSummary& summary, int exit_code);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::view
