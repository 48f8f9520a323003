#pragma once

/// What a recorded run would have been with other limits.

#include "view/record/bottleneck.hpp"
#include "view/record/recording.hpp"
#include "view/record/slots.hpp"

namespace weir::view {

struct Replayed {
  double seconds = 0;       ///< from the start; as `seconds_to_replay`
  double busy_share = 0;    ///< of the processors
  Bottleneck bottleneck;    ///< then
  bool is_complete = true;  ///< false: it comes to a standstill, since a limit lets nothing in
};

/// What a replay of the run as it was should take: until its end. Of one that was cut off, until
/// the last attempt had ended: how long it would have waited then is not known.
double seconds_to_replay(const Recording& recording);

/// Runs it again in virtual time: the same items with the same attempts, in the runtime's own
/// admission.
///
/// An attempt takes as long as it took, but that the CPU time of its command is shared with those
/// that run beside it, on as many processors as there were. Items come when they came, or when
/// what they came of has ended; those from a source earlier, where it had been held back. Nodes
/// that compute take as long as they took. Slots that `weir limit` changed change again, but those
/// that are asked for.
Replayed replay(const Recording& recording, const Slots& slots);

}  // namespace weir::view
