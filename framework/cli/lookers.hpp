#pragma once

/// Those who look at a run from outside while it goes on: who asks over its socket, the live page,
/// the file of metrics.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "compile/plan.hpp"
#include "journal/run_directory.hpp"
#include "runtime/observer.hpp"
#include "runtime/run.hpp"

namespace weir::view {
class LivePage;
class MetricsFile;
class Observers;
}  // namespace weir::view

namespace weir::cli {

struct LookersOptions {
  bool ui = false;
  std::string ui_address;      ///< as given with --ui; may be empty
  std::string ui_token;        ///< as given: TOKEN or @FILE; may be empty
  std::string token_variable;  ///< what WEIR_UI_TOKEN was
  std::string metrics_file;
};

/// --ui, --ui-token and --metrics-file. Takes WEIR_UI_TOKEN out of the environment, used or not: it
/// is none of the commands' business. So it must be called before anything else looks there.
void add_lookers_options(CLI::App& command, LookersOptions& options);

class Lookers {
 public:
  /// `plan` must outlive it. Throws std::runtime_error, for the user, if something that was asked
  /// for can't be had: nothing of a run needs to be there yet.
  Lookers(const LookersOptions& options, const compile::Plan& plan);
  ~Lookers();
  Lookers(const Lookers&) = delete;
  Lookers& operator=(const Lookers&) = delete;

  /// Says on standard error where the page is, without a token that the user chose. `directory` may
  /// be null; both must outlive this. The result is the observer to run with: `observer`, or one
  /// that passes on to it.
  runtime::Observer& show(const journal::RunDirectory* directory, runtime::Observer& observer);
  /// For RunOptions::on_live.
  std::shared_ptr<void> begin(runtime::LiveRun& run);
  /// Tells those who look how it ended; blocks for that, at most a second.
  void end(const RunSummary& summary, int exit_code);

 private:
  const std::string token_source_;  // empty: it is a random one
  const journal::RunDirectory* directory_ = nullptr;
  runtime::Observer* shown_ = nullptr;
  std::unique_ptr<view::LivePage> page_;
  std::unique_ptr<view::MetricsFile> metrics_;
  std::unique_ptr<view::Observers> observers_;
};

/// Null: one of them can't be had, which it shows.
std::unique_ptr<Lookers> open_lookers(const LookersOptions& options, const compile::Plan& plan);

}  // namespace weir::cli
