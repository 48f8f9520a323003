#pragma once

/// The record of a run in Chrome's trace event format, which Perfetto and chrome://tracing show.

#include <functional>
#include <string_view>

#include "view/record/recording.hpp"

namespace weir::view {

/// What every trace of weir begins with, and those of others don't.
inline constexpr std::string_view kTraceBegin =
    R"({"displayTimeUnit":"ms","otherData":{"pipeline":)";

/// Where it goes, piece by piece.
using TraceSink = std::function<void(std::string_view text)>;

/// A process for each node, with a thread for each item that ran at once: what ran when. An item's
/// whole time, and what it waited for, are asynchronous events of its node; how many items ran and
/// waited are counters; arrows lead from an item to what came of it, if there are not too many.
void write_trace(const Recording& recording, const TraceSink& sink);

}  // namespace weir::view
