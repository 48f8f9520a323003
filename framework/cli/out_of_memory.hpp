#pragma once

/// What the program does where there is no memory.

namespace weir::cli {

inline constexpr const char* kNoMemory =
    "there is no memory left for weir (ulimit -v, a control group)";

/// Whether a std::bad_alloc has been thrown on this thread.
bool memory_has_run_out() noexcept;

}  // namespace weir::cli
