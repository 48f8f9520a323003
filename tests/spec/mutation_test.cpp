/// Files that are wrong in ways that nobody has thought of: good ones, changed at random. Reading
/// them must return, and all places must be in the file.

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>

#include "golden.hpp"
#include "read.hpp"
#include "spec/lines.hpp"
#include "spec/utf8.hpp"

namespace weir::spec {
namespace {

constexpr std::array<std::string_view, 48> fragments{"${",
                                                     "}",
                                                     "${{",
                                                     "}}",
                                                     "$$",
                                                     ":",
                                                     "- ",
                                                     "? ",
                                                     "&a ",
                                                     "*a",
                                                     "!",
                                                     "!!x ",
                                                     "[",
                                                     "]",
                                                     "{",
                                                     ",",
                                                     "\n",
                                                     "\n  ",
                                                     "\t",
                                                     "'",
                                                     "\"",
                                                     "|\n",
                                                     ">-\n",
                                                     "#",
                                                     "---\n",
                                                     "...\n",
                                                     "%YAML 1.2\n",
                                                     "<<: ",
                                                     "\\",
                                                     "\xC3",
                                                     "\xE2\x82\xAC",
                                                     "\x04",
                                                     "\r\n",
                                                     "\r",
                                                     "@",
                                                     "~",
                                                     "null: ",
                                                     ": ",
                                                     "${a:-",
                                                     "env.",
                                                     "from: ",
                                                     "limit: ",
                                                     "retry: ",
                                                     "limits: ",
                                                     "when: ",
                                                     "..",
                                                     "weir: 1\n",
                                                     "nodes:\n"};

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string mutated(std::string text) {
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.erase(at, 1 + below(6));
        break;
      case 1:
        text.insert(at, fragments[below(fragments.size())]);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size() + 1), below(40)));
        break;
      case 3:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 4:
        if (below(4) == 0) text.resize(at);
        break;
    }
  }

  std::mt19937 random_;
};

void expect_in_file(const Reading& reading) {
  const Lines lines(reading.source.text);
  for (const Diagnostic& diagnostic : reading.diagnostics.all()) {
    const Place& place = diagnostic.place;
    if (place.line == 0) continue;
    ASSERT_LE(place.line, lines.count()) << diagnostic.message;
    const std::size_t width = count_code_points(lines.line(place.line));
    ASSERT_GE(place.column, 1U) << diagnostic.message;
    ASSERT_LE(place.column, width + 1) << diagnostic.message;
    ASSERT_GE(place.length, 1U) << diagnostic.message;
    ASSERT_LE(place.column + place.length, std::max<std::size_t>(width + 1, place.column + 1))
        << diagnostic.message;
  }
}

TEST(Mutation, OfGoodFilesIsReadAndPlacedInTheFile) {
  const std::filesystem::path folder = std::filesystem::path(WEIR_GOLDEN) / "spec";
  const std::string files[] = {read_text(folder / "images.yaml"), read_text(folder / "odd.yaml"),
                               read_text(folder / "limits.yaml")};
  constexpr unsigned first_seed = 1;
  for (unsigned seed = first_seed; seed < first_seed + 6000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Reading reading = read(Mutator(seed).mutated(files[seed % 3]));
    expect_in_file(reading);
    // Whatever it is, it can be shown.
    EXPECT_EQ(reading.diagnostics.all().empty(), reading.rendered().empty());
    EXPECT_FALSE(print(reading.pipeline).empty());
    if (testing::Test::HasFailure()) FAIL() << reading.source.text;
  }
}

}  // namespace
}  // namespace weir::spec
