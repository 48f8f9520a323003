#pragma once

/// Writes down, time and again, how all nodes of a run stand.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "journal/journal.hpp"
#include "runtime/batch_log.hpp"
#include "runtime/graph.hpp"

namespace weir::runtime {

/// The numbers of samples and the time between them: a run may last for a second or for a week, and
/// there are never more samples than this.
class SampleTimes {
 public:
  explicit SampleTimes(std::int64_t most) : most_(most) {}

  /// The number of the next sample, from 0. From now on, those of the earlier ones are to be kept
  /// that can be divided by `step`.
  std::int64_t next();
  /// How many numbers the next one is behind the last.
  std::int64_t step() const { return step_; }

 private:
  const std::int64_t most_;
  std::int64_t step_ = 1;
  std::int64_t tick_ = -1;
};

/// All must outlive it. Ends with a last sample.
class Sampler {
 public:
  static constexpr std::chrono::milliseconds kTick{250};

  Sampler(journal::Journal& journal, const Graph& graph, BatchLog& batches);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

 private:
  void go_on();
  void sample() noexcept;
  std::string nodes() const;
  std::string limits() const;
  std::string spans();
  std::optional<std::int64_t> idle_permille();

  journal::Journal& journal_;
  const Graph& graph_;
  BatchLog& batches_;
  SampleTimes times_;
  std::int64_t idle_ = 0;  // of the machine, at the last sample, and the next
  std::int64_t total_ = 0;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace weir::runtime
