#pragma once

/// What programs see of a run while it goes on: framework/doc/seeing.md describes the events.

#include <memory>
#include <string>

#include <weir/summary.hpp>

#include "runtime/observer.hpp"
#include "runtime/status.hpp"
#include "view/terminal/console.hpp"

namespace weir::view {

/// JSON objects on standard error, one a line, each written at once.
class EventProgress final : public runtime::Observer {
 public:
  struct Options {
    bool shows_output = false;
    std::string id;   ///< of the run; empty: it is not written down
    std::string run;  ///< how its directory is named on a command line
  };
  /// `console` must outlive it.
  EventProgress(Options options, Console& console)
      : options_(std::move(options)), console_(console) {}

  void started(const std::string& pipeline) noexcept;
  void progress(const runtime::Status& status) noexcept;
  void ended(const RunSummary& summary) noexcept;

  void item_ended(const runtime::ItemEnd& end) noexcept override;
  void attempt_failed(const runtime::FailedAttempt& attempt) noexcept override;
  void note(std::string_view node, std::string_view line) noexcept override;
  std::string print(std::string_view lines) noexcept override { return console_.out(lines); }
  std::unique_ptr<runtime::OutputTap> tap(std::string_view node, std::string_view item,
                                          std::int64_t attempt) noexcept override;
  bool shows_output() const noexcept override { return options_.shows_output; }

 private:
  template <class Fill>
  void write(const char* event, Fill&& fill) noexcept;

  const Options options_;
  Console& console_;
};

}  // namespace weir::view
