#pragma once

/// Recordings for the tests.

#include <cstdint>
#include <string>

#include "view/record/recording.hpp"

namespace weir::view::test {

inline constexpr Recording::Time kSecond = 1'000'000'000;

/// A graph source → first → second, both functions that wait, with these limits of their own; 0:
/// none.
Recording recording(std::int64_t first, std::int64_t second);

/// Adds an item that arrived, was let in, and ended at these times, in seconds. Gives its index.
std::size_t add(Recording& recording, std::size_t node, double arrived, double admitted,
                double ended, std::size_t parent = Recording::kNone);

/// How `first` and `second` stand at this moment.
void sample(Recording& recording, double seconds, Recording::Sample::Node first,
            Recording::Sample::Node second);

/// At the last sample items of this node wait for the limit `name`, which has these slots; all are
/// taken, or it pauses.
void wait_for_limit(Recording& recording, const std::string& node, const std::string& name,
                    std::int64_t slots, bool pauses);

/// Two of eight items fail at 0.5 s. The first pauses the limit `reg`, of two slots, for longer
/// than the run lives: until 6 s.
Recording killed_in_a_pause();

/// Items come at once, `slots` of them are worked on at a time for a second each.
Recording one_second_each(std::int64_t items, std::int64_t slots);

}  // namespace weir::view::test
