#pragma once

/// Times, as nanoseconds since 1970 in UTC, and how they are written.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::journal {

/// By the clock as it was when this was called first: within a process, times are in the order of
/// what happens, and as far apart, although the clock is set meanwhile. Safe from any thread.
std::int64_t now_ns();
/// From now on, it is later than that: a run that is resumed goes on behind what was written down,
/// although the clock has been set back since.
void go_on_after(std::int64_t ns);

/// "2026-11-25T01:52:40.123456Z": ISO 8601 in UTC, to the microsecond.
std::string iso_time(std::int64_t ns);

/// The opposite; nullopt if it does not look like that.
std::optional<std::int64_t> parse_iso_time(std::string_view text);

/// "20261125-015240": in UTC, so that the order of texts is that of times.
std::string compact_time(std::int64_t ns);

}  // namespace weir::journal
