#pragma once

/// Running pipelines inside a test: YAML text in, summary out, with node types made for tests.

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/run.hpp"

namespace weir::test {

/// What the sinks named `collect` got, by their `to` parameter. One for each run; the nodes find it
/// through `current`.
class Collection {
 public:
  void add(const std::string& to, std::int64_t item);
  /// Sorted: a multiset.
  std::vector<std::int64_t> sorted(const std::string& from) const;
  /// As they came.
  std::vector<std::int64_t> in_order(const std::string& from) const;

  static Collection*& current();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<std::int64_t>> items_;
};

/// Counts how many are inside at the same time, as somebody who knows nothing of weir would.
class Probe {
 public:
  void enter();
  void leave();
  int most() const { return most_.load(); }
  int inside() const { return inside_.load(); }

  static Probe*& current();

 private:
  std::atomic<int> inside_{0};
  std::atomic<int> most_{0};
};

/// Knows what nodes named `step` have worked on, as "name item", and has some of that fail.
class Ledger {
 public:
  using Lines = std::vector<std::string>;

  /// False: it is to fail.
  bool enter(const std::string& line);
  /// The `number`th one that comes, from 0, of those at `name`.
  void fail(const std::string& name, int number);
  /// Sorted; it is empty then.
  Lines take();
  Lines failed() const;

  static Ledger*& current();

 private:
  mutable std::mutex mutex_;
  Lines lines_;
  Lines failed_;
  std::map<std::string, int> to_fail_;
};

/// Holds nodes named `door` back until it is opened.
class Gatekeeper {
 public:
  void open() { open_.set_value(); }
  void wait() { opened_.wait(); }

  static Gatekeeper*& current();

 private:
  std::promise<void> open_;
  std::shared_future<void> opened_ = open_.get_future().share();
};

/// Remembers what it is told.
class RecordingObserver final : public runtime::Observer {
 public:
  void item_ended(const runtime::ItemEnd& end) noexcept override;
  void note(std::string_view node, std::string_view line) noexcept override;
  std::string print(std::string_view lines) noexcept override;

  std::vector<std::string> ended() const;  ///< "node done item", sorted
  std::string printed() const;
  /// Called for every item that ended, on its thread.
  std::function<void(const runtime::ItemEnd&)> on_item;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> ended_;
  std::string printed_;
};

/// The plan of a file's text; the test fails, with the diagnostics, if it has errors.
compile::Plan plan_of(const std::string& yaml);

/// Runs a file's text with `threads` workers.
RunSummary run_yaml(const std::string& yaml, runtime::Observer& observer, int threads = 2,
                    std::uint32_t batch = 0);
RunSummary run_yaml(const std::string& yaml, int threads = 2);

const Counts& counts_of(const RunSummary& summary, const std::string& node);

/// The number of a seed loop: WEIR_SEEDS, or `otherwise`.
int seeds(int otherwise);

}  // namespace weir::test
