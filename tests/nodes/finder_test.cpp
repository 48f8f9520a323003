#include "nodes/text/finder.hpp"

#include <algorithm>
#include <memory>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::Finder;

std::string small(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), nodes::to_small);
  return text;
}

/// In a block of its very size, so that a sanitizer sees what is read beyond it.
std::size_t find(const Finder& finder, const std::string& text, std::size_t from) {
  const auto block = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), block.get());
  return finder.find({block.get(), text.size()}, from);
}

TEST(Finder, FindsWhatTheStandardLibraryFinds) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    const std::string_view bytes = round % 2 == 0 ? "ab" : "aAbB \xC3@`";
    const std::string text = random_text(random, 80, bytes);
    const std::string needle = random_text(random, round % 3 == 0 ? 40 : 4, bytes);
    const std::size_t from = random() % 90;
    EXPECT_EQ(find(Finder(needle, false), text, from),
              from > text.size() ? text.npos : text.find(needle, from))
        << '\'' << needle << "' in '" << text << "' from " << from;
    EXPECT_EQ(find(Finder(needle, true), text, from),
              from > text.size() ? text.npos : small(text).find(small(needle), from))
        << '\'' << needle << "' in '" << text << "' from " << from;
  }
}

TEST(Finder, OnlyLettersHaveACase) {
  // '[' and '{', '@' and '`' differ as letters do, and are none.
  EXPECT_FALSE(Finder("[@", true).is_in("a text with {` in it"));
  EXPECT_FALSE(Finder("{`", true).is_in("a text with [@ in it"));
  EXPECT_TRUE(Finder("TEXT", true).is_in("a tExt with [@ in it"));
  EXPECT_FALSE(Finder("\xC3\x84", true).is_in("\xC3\xA4 is not \xC3\xA4"));
}

TEST(Finder, EveryByteIsFound) {
  const std::string all = all_bytes();
  for (int byte = 0; byte < 256; ++byte) {
    const std::string one(1, static_cast<char>(byte));
    EXPECT_EQ(Finder(one, false).find(all), static_cast<std::size_t>(byte));
    EXPECT_EQ(Finder(one + one, false).find(all), all.npos);
  }
}

}  // namespace
}  // namespace weir::test
