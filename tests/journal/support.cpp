#include "support.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdlib.h>
#include <system_error>

#include "journal/time.hpp"

namespace weir::journal::test {

Folder::Folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "weir-journal-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::system_category(), "mkdtemp");
  }
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int seeds(int otherwise) {
  const char* text = std::getenv("WEIR_SEEDS");
  return text == nullptr ? otherwise : std::atoi(text);
}

LowerLimit::LowerLimit(__rlimit_resource resource, rlim_t most)
    : resource_(resource), old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
  getrlimit(resource_, &old_);
  rlimit lower = old_;
  lower.rlim_cur = std::min(most, old_.rlim_cur);
  setrlimit(resource_, &lower);
}

LowerLimit::~LowerLimit() {
  setrlimit(resource_, &old_);
  std::signal(SIGXFSZ, old_handler_);
}

Started begun(const std::string& node, std::uint64_t number) {
  return {.node = node,
          .key = key(number),
          .seq = static_cast<std::int64_t>(number),
          .parent = std::nullopt,
          .item = "item " + std::to_string(number),
          .config = "c0ffee",
          .arrived_ns = 1000,
          .queued_ns = 2000,
          .admitted_ns = 2400,
          .started_ns = 2500,
          .held_by = {},
          .held_for = {},
          .needs = {}};
}

Ended finished(const std::string& node, std::uint64_t number, State state) {
  return {.node = node,
          .key = key(number),
          .state = state,
          .ended_ns = 4000,
          .status = std::nullopt,
          .cpu_ns = std::nullopt,
          .held_back_ns = 0,
          .error = {},
          .output = std::nullopt};
}

RunInfo some_info() {
  RunInfo info;
  info.pipeline = "images";
  info.file = "/home/ann/images.yaml";
  info.given = "images.yaml";
  info.folder = "/home/ann";
  info.settings = {{"pushes", "5"}, {"pushes", "6"}};
  info.plugins = {"./numbers.so"};
  info.options["threads"] = 4;
  info.started_ns = *parse_iso_time("2026-11-25T01:52:40.123456Z");
  info.weir = "0.1.0";
  return info;
}

}  // namespace weir::journal::test
