#pragma once

/// Golden files: texts that are compared as a whole. With WEIR_UPDATE_GOLDEN=1 in the environment
/// they are written instead; look at what git says has changed before you commit.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>

namespace weir {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void expect_golden(const std::filesystem::path& path, const std::string& actual) {
  const char* update = std::getenv("WEIR_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(read_text(path), actual) << "in " << path.filename();
}

}  // namespace weir
