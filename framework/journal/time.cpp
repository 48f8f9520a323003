#include "journal/time.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <ctime>
#include <fmt/format.h>

namespace weir::journal {
namespace {

using namespace std::chrono;

struct Calendar {
  year_month_day day;
  hh_mm_ss<microseconds> time;
};

Calendar calendar(std::int64_t ns) {
  const sys_time<microseconds> at{floor<microseconds>(nanoseconds(ns))};
  const sys_days day = floor<days>(at);
  return {year_month_day(day), hh_mm_ss<microseconds>(at - day)};
}

/// The number that these digits write, or -1.
int number(std::string_view digits) {
  int value = -1;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  return error == std::errc() && at == end ? value : -1;
}

/// Since the machine was started; goes on while it sleeps, and is never set.
std::int64_t since_boot_ns() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return duration_cast<nanoseconds>(seconds(time.tv_sec)).count() + time.tv_nsec;
}

/// When that was.
std::atomic<std::int64_t>& boot_ns() {
  static std::atomic<std::int64_t> boot{
      duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count() - since_boot_ns()};
  return boot;
}

}  // namespace

std::int64_t now_ns() { return boot_ns().load(std::memory_order_relaxed) + since_boot_ns(); }

void go_on_after(std::int64_t ns) {
  const std::int64_t behind = ns + 1 - now_ns();
  if (behind > 0) boot_ns() += behind;
}

std::string iso_time(std::int64_t ns) {
  const Calendar at = calendar(ns);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(at.day.year()),
                     static_cast<unsigned>(at.day.month()), static_cast<unsigned>(at.day.day()),
                     at.time.hours().count(), at.time.minutes().count(), at.time.seconds().count(),
                     at.time.subseconds().count());
}

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.ddddddZ";
  if (text.size() != kShape.size()) return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kShape[i];
    if (!fits) return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t length) {
    return number(text.substr(at, length));
  };
  const year_month_day day{year(part(0, 4)), month(static_cast<unsigned>(part(5, 2))),
                           std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  if (!day.ok()) return std::nullopt;
  const auto at = sys_days(day) + hours(part(11, 2)) + minutes(part(14, 2)) + seconds(part(17, 2)) +
                  microseconds(part(20, 6));
  return duration_cast<nanoseconds>(at.time_since_epoch()).count();
}

std::string compact_time(std::int64_t ns) {
  const Calendar at = calendar(ns);
  return fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}", static_cast<int>(at.day.year()),
                     static_cast<unsigned>(at.day.month()), static_cast<unsigned>(at.day.day()),
                     at.time.hours().count(), at.time.minutes().count(), at.time.seconds().count());
}

}  // namespace weir::journal
