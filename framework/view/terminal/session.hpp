#pragma once

/// All that is shown of a run on standard error, from its start to its summary.

#include <memory>
#include <string>

#include <weir/summary.hpp>

#include "runtime/live_run.hpp"
#include "runtime/observer.hpp"
#include "view/terminal/item_output.hpp"

namespace weir::view {

enum class ProgressMode : std::uint8_t { tty, plain, json, none };

class Session {
 public:
  struct Options {
    ProgressMode mode = ProgressMode::plain;
    OutputMode output = OutputMode::group;
    bool quiet = false;       ///< only failures and notes, and no summary of a run that went well
    bool has_colour = false;  ///< colours are wanted, in the picture and in what commands write
    std::string pipeline;
    std::string id;   ///< of the run; empty: it is not written down
    std::string run;  ///< how its directory is named on a command line; empty as well
  };

  static std::unique_ptr<Session> make(const Options& options);
  virtual ~Session() = default;

  virtual runtime::Observer& observer() = 0;
  /// Shows how the run stands until what it gives is destroyed. null: nothing is shown of that.
  virtual std::shared_ptr<void> watch(runtime::LiveRun& run) = 0;
  /// The run is over. `hint` is a line behind that for people, or empty.
  virtual void ended(const RunSummary& summary, const std::string& hint) = 0;
};

}  // namespace weir::view
