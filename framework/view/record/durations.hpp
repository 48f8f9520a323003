#pragma once

/// What the attempts of a recorded run would take if each had a processor of its own.

#include <cstddef>
#include <utility>
#include <vector>

#include "view/record/recording.hpp"

namespace weir::view {

class Durations {
 public:
  explicit Durations(const Recording& recording);

  struct Of {
    Recording::Time works = 0;  ///< needs a processor
    Recording::Time waits = 0;  ///< for whatever: sleeps, disks, other machines
  };
  /// From its admission to its end. Where all processors were busy, what it took besides its CPU
  /// time is taken for waiting for one, and left out.
  Of of(std::size_t item, std::size_t attempt) const;
  /// How many processors the run had for itself: fewer than there are, if others used them.
  double processors() const { return processors_; }

 private:
  bool is_idle(Recording::Time at);

  Recording::Time crowded_until(Recording::Time at) const;

  const Recording& recording_;
  /// Moments, and how long all processors had been busy until then; between two of them it grows
  /// evenly.
  std::vector<std::pair<Recording::Time, Recording::Time>> crowded_;
  double processors_ = 1;
  std::size_t sample_ = 0;  // the first one behind the moment in hand
};

}  // namespace weir::view
