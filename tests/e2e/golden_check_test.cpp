#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "support.hpp"

namespace weir::e2e {
namespace {

namespace fs = std::filesystem;

const fs::path golden = WEIR_ROOT "/tests/golden/check";

/// `weir check` of every FILE.yaml in tests/golden/check says exactly what FILE.txt has, errors
/// first. In a file, a line `# --plugin probe` loads the plugin of tests/compile, and
/// `# --set NAME=VALUE` is a setting, `# --env NAME=VALUE` a variable of the environment. With
/// WEIR_UPDATE_GOLDEN=1 the texts are written instead.
class GoldenCheck : public testing::TestWithParam<std::string> {};

Strings names() {
  Strings names;
  for (const fs::directory_entry& entry : fs::directory_iterator(golden)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Strings options_in(const std::string& text) {
  Strings options;
  for (const std::string& line : lines_of(text)) {
    if (line == "# --plugin probe") {
      options.insert(options.end(), {"--plugin", WEIR_PROBE});
    } else if (line.starts_with("# --set ")) {
      options.insert(options.end(), {"--set", line.substr(8)});
    }
  }
  return options;
}

std::vector<std::pair<std::string, std::string>> variables_in(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with("# --env ")) continue;
    const std::size_t equals = line.find('=');
    variables.emplace_back(line.substr(8, equals - 8), line.substr(equals + 1));
  }
  return variables;
}

TEST_P(GoldenCheck, SaysEverythingThatIsWrong) {
  const std::string file = GetParam() + ".yaml";
  Start start{.arguments = {"check", file}, .folder = golden};
  const std::string text = read_file(golden / file);
  start.environment = variables_in(text);
  const Strings options = options_in(text);
  start.arguments.insert(start.arguments.end(), options.begin(), options.end());
  const Ended ended = Process(WEIR_BINARY, start).wait();

  const bool wrong = ended.err.find(": error: ") != std::string::npos;
  EXPECT_EQ(ended.status, wrong ? 2 : 0);
  std::string said = ended.err + ended.out;
  // Plugins are named by where they are, which is elsewhere on each machine.
  for (std::size_t at; (at = said.find(golden.string())) != std::string::npos;) {
    said.replace(at, golden.string().size(), "FOLDER");
  }
  const fs::path expected = golden / (GetParam() + ".txt");
  const char* update = std::getenv("WEIR_UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(expected, std::ios::binary) << said;
    return;
  }
  EXPECT_EQ(read_file(expected), said);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenCheck, testing::ValuesIn(names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace weir::e2e
