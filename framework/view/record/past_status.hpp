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

  /// At `recording.samples[sample]`, as far as the record tells: no items, of limits nobody who
  /// holds them. Where it tells nothing of limits they are as the graph has them, without keys.
  /// Valid until the next call.
  const runtime::Status& at(std::size_t sample);

 private:
  void set_limits(const std::vector<runtime::LimitStatus>& known);
  void guess_limits();
  void set_sources(const Recording::Sample& sample);

  const Recording& recording_;
  std::vector<Cause> causes_;                 ///< of each node: what is waited for there
  std::vector<runtime::LimitStatus> limits_;  ///< as the graph has them
  runtime::Status status_;
};

}  // namespace weir::view
