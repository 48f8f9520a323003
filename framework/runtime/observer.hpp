#pragma once

/// What a run tells whoever watches it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <weir/abi.hpp>
#include <weir/process.hpp>
#include <weir/summary.hpp>

namespace weir::io {
enum class Stream : std::uint8_t;
}

namespace weir::runtime {

/// How an item came to its end at a node.
struct ItemEnd {
  std::string_view node;
  bool waits = true;  ///< the node waits or blocks: worth a line of its own
  abi::End end = abi::End::done;
  double seconds = 0;
  std::string_view item;             ///< its text, for people
  const Failure* failure = nullptr;  ///< if it failed
  std::int64_t attempts = 1;         ///< of one that failed, as the two that follow
  std::string_view id;               ///< of one at a node that waits or blocks
  std::string_view again;            ///< id of what it came of, if it comes only with that one
  std::int64_t number = 0;           ///< its number at the node, from 1; 0: it has none
  std::string_view log;              ///< the file of what its command wrote; empty: none
  bool output_is_shown = false;      ///< what its command wrote has gone to an OutputTap
  std::int64_t ended = 0;            ///< the how-manieth of its node this is, from 1
  std::int64_t arrived = 0;          ///< items that have come to it
};

/// How an attempt failed that another one follows, or would follow if any were still to begin.
struct FailedAttempt {
  std::string_view node;
  std::int64_t attempt = 1;   ///< in this run, from 1
  std::int64_t attempts = 1;  ///< how many there are at most
  double seconds = 0;
  /// Seconds until the next one is wanted; then it needs a permit. nullopt: there is none.
  std::optional<double> wait;
  std::string_view item;
  const Failure* failure = nullptr;
  std::string_view id;  ///< as of ItemEnd
};

/// Where what the commands of one attempt at an item write goes to, secrets masked. Is called by
/// one thread at a time, and destroyed when the attempt is over, before its item is said to have
/// ended.
class OutputTap {
 public:
  virtual ~OutputTap() = default;
  /// As it comes. Must not block for long.
  virtual void wrote(io::Stream stream, std::string_view bytes) noexcept = 0;
};

/// Called from many threads at once. Must not block for long.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Of nodes that wait or block: every item. Of those that compute: only what failed.
  virtual void item_ended(const ItemEnd& end) noexcept = 0;
  /// Of nodes that wait or block.
  virtual void attempt_failed(const FailedAttempt& /*attempt*/) noexcept {}
  /// A line about the run as a whole, or from a node (`node` not empty).
  virtual void note(std::string_view node, std::string_view line) noexcept = 0;
  /// Whole lines for standard output. The result is an error, or empty.
  virtual std::string print(std::string_view lines) noexcept = 0;

  /// For an attempt whose command writes something that is for people, from 1. Null: it is not to
  /// be shown.
  virtual std::unique_ptr<OutputTap> tap(std::string_view /*node*/, std::string_view /*item*/,
                                         std::int64_t /*attempt*/) noexcept {
    return nullptr;
  }
  /// Whether `tap` gives any.
  virtual bool shows_output() const noexcept { return false; }
  /// Whether LiveRun::status is to have the items in work, whatever is written down of the run.
  virtual bool watches_items() const noexcept { return false; }
  /// This process is about to be stopped (Ctrl-Z); and it goes on, or has not been stopped. It also
  /// goes on after a SIGSTOP, of which nothing tells.
  virtual void suspends() noexcept {}
  virtual void resumes() noexcept {}
};

/// "done", "failed", "stopped", "error"
std::string_view to_string(RunOutcome outcome);

}  // namespace weir::runtime
