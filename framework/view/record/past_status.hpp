#pragma once

/// How a run stood at its samples, told as that of a run that goes on: so what held it back is
/// found as it is found then.

#include "runtime/status.hpp"
#include "view/record/account.hpp"

namespace weir::view {

class PastStatus {
 public:
  /// The recording must outlive it.
  PastStatus(const Recording& recording, const Where& where);

  /// At `recording.samples[sample]`, as far as the record tells: no items, no keys of limits, and
  /// of limits what the graph says of them. What waited is taken to have waited for what most at
  /// that node waited for in all. Valid until the next call.
  const runtime::Status& at(std::size_t sample);

 private:
  void set_limits();
  void set_sources(const Recording::Sample& sample);

  const Recording& recording_;
  std::vector<Cause> causes_;  ///< of each node: what is waited for there
  runtime::Status status_;
};

}  // namespace weir::view
