/// Good files, as they are understood.

#include <gtest/gtest.h>

#include "golden.hpp"
#include "read.hpp"

namespace weir::spec {
namespace {

const std::filesystem::path folder = std::filesystem::path(WEIR_GOLDEN) / "spec";

void expect_understood(const std::string& name, const ReadOptions& options) {
  const Reading reading = read(read_text(folder / (name + ".yaml")), options, name + ".yaml");
  EXPECT_EQ(reading.rendered(), "");
  expect_golden(folder / (name + ".txt"), print(reading.pipeline));
}

TEST(Print, ShowsTheImagesPipeline) { expect_understood("images", {{{"pushes", "5"}}, {}}); }

TEST(Print, ShowsWhateverYamlAllows) { expect_understood("odd", {{}, {{"HOME", "/home/me"}}}); }

TEST(Print, ShowsLimitsAndWhatBecomesOfFailures) {
  expect_understood("limits", {{}, {{"TOKEN", "t0ken"}, {"OTHER", "other"}}});
}

}  // namespace
}  // namespace weir::spec
