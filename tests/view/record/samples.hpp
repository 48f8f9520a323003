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

/// Items come at once, `slots` of them are worked on at a time for a second each.
Recording one_second_each(std::int64_t items, std::int64_t slots);

}  // namespace weir::view::test
