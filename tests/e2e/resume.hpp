#pragma once

/// What the tests of resuming share.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "journal/history.hpp"
#include "support.hpp"

namespace weir::e2e {

inline std::string replaced(std::string text, const std::string& before, const std::string& after) {
  return text.replace(text.find(before), before.size(), after);
}

/// Runs of the same file, in the same folder.
class Resume : public EndToEnd {
 protected:
  Ended run_file(const Strings& more = {}) {
    Strings arguments = {"run", "test.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return weir({.arguments = arguments});
  }
  std::unique_ptr<Process> begin(const Strings& arguments) {
    return std::make_unique<Process>(WEIR_BINARY,
                                     Start{.arguments = arguments, .folder = folder.path()});
  }
  std::unique_ptr<Process> begin_file() { return begin({"run", "test.yaml"}); }
  /// Until the journal of the only run is so.
  void wait_until(const std::function<bool(const journal::StateCounts&)>& is_so) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!is_so(journal::count_states(folder.file(".weir/runs/latest/run.db")))) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
      std::this_thread::yield();
    }
  }
  /// Until it has so many items done.
  void wait_until_done(std::int64_t items) {
    wait_until([=](const journal::StateCounts& counts) { return counts.done >= items; });
  }
  void write(const std::string& nodes) { folder.write("test.yaml", pipeline(nodes)); }
  /// What commands have appended, sorted; the log is empty then.
  Strings take_log() {
    if (!folder.has("log")) return {};
    Strings lines = lines_of(folder.read("log"));
    std::filesystem::remove(folder.file("log"));
    std::sort(lines.begin(), lines.end());
    return lines;
  }
};

}  // namespace weir::e2e
