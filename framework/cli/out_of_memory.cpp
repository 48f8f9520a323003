#include "cli/out_of_memory.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <execinfo.h>
#include <new>
#include <optional>
#include <string_view>
#include <unistd.h>

#include "cli/command.hpp"

namespace weir::cli {
namespace {

std::terminate_handler terminate_by_default = nullptr;

/// When memory ran out last on a thread.
thread_local std::optional<std::chrono::steady_clock::time_point> ran_out;
/// What goes wrong later than that has another cause.
constexpr std::chrono::seconds kConsequences{1};

void note_no_memory() {
  ran_out = std::chrono::steady_clock::now();
  throw std::bad_alloc();
}

/// Whether what can't be gone on from is a std::bad_alloc. One that only passes through a function
/// that throws nothing is not always the current exception: that may be one which was being handled
/// when there was no memory for that.
bool is_for_memory() noexcept {
  const bool just_ran_out = ran_out && std::chrono::steady_clock::now() - *ran_out < kConsequences;
  if (just_ran_out && std::uncaught_exceptions() > 0) return true;
  if (std::current_exception() == nullptr) return false;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

/// Where memory has run out in a place that can't do without it, nothing can be put in order any
/// more. What is left of commands is ended as after a kill -9.
[[noreturn]] void leave_without_memory() noexcept {
  if (is_for_memory()) {
    constexpr std::string_view kLine =
        "weir: error: there is no memory left for weir (ulimit -v, a control group): it ends at "
        "once, without a summary\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kLine.data(), kLine.size());
    ::_exit(kCannotWork);
  }
  terminate_by_default();
  std::abort();
}

/// Before all static objects: those of CLI11 need memory, too.
[[gnu::constructor(101)]] void prepare_for_no_memory() {
  std::set_new_handler(note_no_memory);
  terminate_by_default = std::set_terminate(leave_without_memory);
  // glibc looks for libgcc when an exception first passes through one of its functions
  // (pthread_once), and ends the program if there is no memory for that.
  void* frame = nullptr;
  ::backtrace(&frame, 1);
}

}  // namespace

bool memory_has_run_out() noexcept { return ran_out.has_value(); }

}  // namespace weir::cli
