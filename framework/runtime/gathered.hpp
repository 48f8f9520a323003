#pragma once

/// What a node that keeps items has been given, for those who ask of what it gives out whether any
/// of that has been done again.

#include <atomic>
#include <cstdint>

#include <weir/batch.hpp>

#include "runtime/records.hpp"

namespace weir::runtime {

/// For one thread at a time, as the node itself.
class Gathered {
 public:
  /// Must outlive it.
  explicit Gathered(RunRecords& records) : records_(records) {}

  /// Items have come, with this `Batch::origin`.
  void takes(std::uint64_t origin);
  /// Notes on a batch that it came of all that has come. Throws std::bad_alloc.
  void mark(abi::BatchPtr& batch);
  /// Where nothing is run, but only said: something would have come that has been done again. From
  /// any thread.
  void would_take_new() { something_new_ = true; }
  /// Nothing of what has come has a part in what comes out from now on.
  void forget();

 private:
  void note_new();

  RunRecords& records_;
  std::atomic<bool> something_new_{false};  // since it was looked at last
  bool any_ = false;
  RunRecords::Origin all_;
  // The last mark, as long as nothing else comes: many batches may bear the same.
  std::uint64_t marked_ = 0;
  std::uint64_t marked_for_ = 0;
};

}  // namespace weir::runtime
