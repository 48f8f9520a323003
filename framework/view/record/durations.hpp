#pragma once

/// What the attempts of a recorded run would take if each had a processor of its own.

#include <cstddef>
#include <functional>
#include <optional>
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
  /// From its admission to its end. Where more commands wanted a processor than there are, what it
  /// took besides its CPU time may have been waiting for one, and is left out: all of it if they
  /// were all busy and none of it if not, or as much of it as `fit` found.
  Of of(std::size_t item, std::size_t attempt) const;
  /// How many processors the run had for itself: fewer than there are, if others used them.
  double processors() const { return processors_; }

  /// Finds out how much of that time was waiting for a processor. A command that sleeps on a busy
  /// machine looks the same as one that waits for it, but the whole run does not: a replay with the
  /// right share takes as long as the run did, `seconds`. `replay` is such a one.
  void fit(double seconds, const std::function<double()>& replay);

 private:
  struct Change;

  void find_crowds(const std::vector<Change>& changes);
  std::optional<double> idle_at(Recording::Time at);
  Recording::Time crowded_until(Recording::Time at) const;

  const Recording& recording_;
  /// Moments, and how long until then more commands than there are processors had wanted one;
  /// between two of them it grows evenly.
  std::vector<std::pair<Recording::Time, Recording::Time>> crowded_;
  double processors_ = 1;
  double left_out_ = 1;     // of what was taken in crowded times beside CPU time
  std::size_t sample_ = 0;  // the first one behind the moment in hand
};

}  // namespace weir::view
