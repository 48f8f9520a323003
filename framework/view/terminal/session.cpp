#include "view/terminal/session.hpp"

#include <chrono>
#include <limits>
#include <system_error>
#include <unistd.h>

#include "view/output.hpp"
#include "view/progress.hpp"
#include "view/summary.hpp"
#include "view/terminal/events.hpp"
#include "view/terminal/frame.hpp"
#include "view/terminal/heartbeat.hpp"
#include "view/ticker.hpp"

namespace weir::view {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFramePause{100};
constexpr std::chrono::milliseconds kLinePause{1000};
/// A run that is over before has no frame.
constexpr double kFirstFrame = 0.3;
/// How many times as long as it takes to draw a frame none is drawn.
constexpr int kRest = 50;
/// Who comes so late between two ticks has been stopped, or is short of a processor.
constexpr std::chrono::milliseconds kAway{300};

/// A run that can't be watched is still a run.
std::shared_ptr<void> ticker(std::chrono::milliseconds period, runtime::Observer& observer,
                             std::function<void()> tick) {
  try {
    return std::make_shared<Ticker>(period, std::move(tick));
  } catch (const std::system_error& error) {
    observer.note("", std::string("warning: no thread to show progress: ") + error.what());
    return nullptr;
  }
}

LineProgress::Options line_options(const Session::Options& options) {
  LineProgress::Options to;
  to.only_failures = options.quiet || options.mode != ProgressMode::plain;
  to.tells_attempts = !options.quiet && options.mode != ProgressMode::none;
  to.output = options.output;
  to.run = options.run;
  to.keeps_colours = options.has_colour;
  to.watches_items = options.mode == ProgressMode::tty;
  return to;
}

void write_summary(const RunSummary& summary, const std::string& hint, bool quiet,
                   std::size_t width = std::numeric_limits<std::size_t>::max()) {
  std::string text = !quiet || summary.exit_code != 0 ? summary_table(summary, width) : "";
  if (!hint.empty()) text += hint + "\n";
  write_all(STDERR_FILENO, text);
}

class LineSession final : public Session {
 public:
  explicit LineSession(const Options& options)
      : options_(options), progress_(line_options(options), console_) {}

  runtime::Observer& observer() override { return progress_; }

  std::shared_ptr<void> watch(runtime::LiveRun& run) override {
    if (options_.quiet || options_.mode == ProgressMode::none) return nullptr;
    return ticker(kLinePause, progress_,
                  [this, &run, heartbeat = Heartbeat(Clock::now())]() mutable {
                    if (!heartbeat.is_due(Clock::now(), console_.writes())) return;
                    try {
                      console_.sign_of_life(heartbeat_line(run.status()));
                    } catch (const std::exception&) {
                      // No memory for it: later, perhaps.
                    }
                  });
  }

  void ended(const RunSummary& summary, const std::string& hint) override {
    console_.finish();
    write_summary(summary, hint, options_.quiet);
  }

 private:
  const Options options_;
  PlainConsole console_;
  LineProgress progress_;
};

/// Draws frames, more rarely where it takes long to find out what is in them.
class Frames {
 public:
  Frames(runtime::LiveRun& run, TerminalConsole& console, bool has_colour)
      : run_(run), console_(console), has_colour_(has_colour) {}
  ~Frames() { console_.draw({}); }
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;

  void tick() noexcept {
    const Clock::time_point began = Clock::now();
    // After a SIGSTOP, what was in the terminal may be gone: that is heard of in a moment.
    const bool was_away = began - ticked_ > kAway && ticked_ != Clock::time_point{};
    ticked_ = Clock::now();
    if (was_away) return;
    try {
      if (began >= next_) draw();
    } catch (const std::exception&) {
      // No memory for it: later, perhaps.
    }
    console_.flush();
    if (began >= next_) next_ = began + kRest * (Clock::now() - began);
    ticked_ = Clock::now();
  }

 private:
  void draw() {
    const runtime::Status status = run_.status();
    rates_.note(status);
    if (status.seconds < kFirstFrame) return;
    const auto [width, height] = console_.size();
    console_.draw(frame(status, rates_, {width, height, has_colour_}));
  }

  runtime::LiveRun& run_;
  TerminalConsole& console_;
  const bool has_colour_;
  NodeRates rates_;
  Clock::time_point next_{};
  Clock::time_point ticked_{};
};

class TerminalSession final : public Session {
 public:
  explicit TerminalSession(const Options& options)
      : options_(options),
        console_(STDERR_FILENO, STDOUT_FILENO, isatty(STDOUT_FILENO) != 0),
        progress_(line_options(options), console_) {}

  runtime::Observer& observer() override { return progress_; }

  std::shared_ptr<void> watch(runtime::LiveRun& run) override {
    if (options_.quiet) return nullptr;
    auto frames = std::make_shared<Frames>(run, console_, options_.has_colour);
    return ticker(kFramePause, progress_, [frames] { frames->tick(); });
  }

  void ended(const RunSummary& summary, const std::string& hint) override {
    console_.draw({});
    console_.finish();
    write_summary(summary, hint, options_.quiet, console_.size().first);
  }

 private:
  const Options options_;
  TerminalConsole console_;
  LineProgress progress_;
};

class EventSession final : public Session {
 public:
  explicit EventSession(const Options& options)
      : progress_({options.output != OutputMode::none, options.id, options.run}, console_) {
    progress_.started(options.pipeline);
  }

  runtime::Observer& observer() override { return progress_; }

  std::shared_ptr<void> watch(runtime::LiveRun& run) override {
    return ticker(kLinePause, progress_, [this, &run] {
      try {
        progress_.progress(run.status());
      } catch (const std::exception&) {
        // No memory for it: later, perhaps.
      }
    });
  }

  void ended(const RunSummary& summary, const std::string& /*hint*/) override {
    progress_.ended(summary);
  }

 private:
  PlainConsole console_;
  EventProgress progress_;
};

}  // namespace

std::unique_ptr<Session> Session::make(const Options& options) {
  switch (options.mode) {
    case ProgressMode::tty:
      return std::make_unique<TerminalSession>(options);
    case ProgressMode::json:
      return std::make_unique<EventSession>(options);
    case ProgressMode::plain:
    case ProgressMode::none:
      break;
  }
  return std::make_unique<LineSession>(options);
}

}  // namespace weir::view
