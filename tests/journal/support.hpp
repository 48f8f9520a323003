#pragma once

/// What the tests of the journal share.

#include <cstdint>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <sys/resource.h>

#include "journal/event.hpp"
#include "journal/run_info.hpp"

namespace weir::journal::test {

/// A fresh folder, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// For a journal that must not fail.
inline void no_error(const std::string& message) { ADD_FAILURE() << message; }

/// The number of a seed loop: WEIR_SEEDS, or `otherwise`.
int seeds(int otherwise);

/// A limit of this process, set lower while it lives. SIGXFSZ is ignored meanwhile.
class LowerLimit {
 public:
  LowerLimit(__rlimit_resource resource, rlim_t most);
  ~LowerLimit();
  LowerLimit(const LowerLimit&) = delete;
  LowerLimit& operator=(const LowerLimit&) = delete;

 private:
  __rlimit_resource resource_;
  rlimit old_{};
  void (*old_handler_)(int);
};

/// Keys that tests can tell apart.
inline Key key(std::uint64_t number) { return {number * 0x9E3779B97F4A7C15U, number}; }

/// The attempt begins that the item `number` of the node comes to first: arrived at 1000, could
/// have started at 2000, and did at 2500.
Started begun(const std::string& node, std::uint64_t number);
/// The same item ends at 4000.
Ended finished(const std::string& node, std::uint64_t number, State state = State::done);

/// Of a pipeline "images" that starts at 2026-11-25 01:52:40.123456 UTC.
RunInfo some_info();

}  // namespace weir::journal::test
