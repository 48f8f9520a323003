/// Every FILE.yaml in tests/golden/errors/spec gives exactly the messages of FILE.txt. A line
/// `# --set NAME=VALUE` in the file is a setting; its environment is empty.

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <sstream>

#include "golden.hpp"
#include "read.hpp"

namespace weir::spec {
namespace {

namespace fs = std::filesystem;

const fs::path errors_folder = fs::path(WEIR_GOLDEN) / "errors" / "spec";

std::vector<std::string> bad_files() {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(errors_folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

ReadOptions options_in(const std::string& text) {
  ReadOptions options;
  const std::string prefix = "# --set ";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(prefix, 0) != 0) continue;
    const std::size_t equals = line.find('=');
    options.settings.emplace_back(line.substr(prefix.size(), equals - prefix.size()),
                                  line.substr(equals + 1));
  }
  return options;
}

class GoldenErrors : public testing::TestWithParam<std::string> {};

TEST_P(GoldenErrors, AreReportedInFull) {
  const std::string text = read_text(errors_folder / (GetParam() + ".yaml"));
  const Reading reading = read(text, options_in(text), GetParam() + ".yaml");
  EXPECT_TRUE(reading.diagnostics.has_errors());
  expect_golden(errors_folder / (GetParam() + ".txt"), reading.rendered());
}

INSTANTIATE_TEST_SUITE_P(Spec, GoldenErrors, testing::ValuesIn(bad_files()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace weir::spec
