#include "compile/stamp.hpp"

#include <random>

#include "support.hpp"

namespace weir::compile {
namespace {

const std::string& own() {
  static const std::string stamp = abi::make_stamp().data();
  return stamp;
}

TEST(Stamp, IsReadFromAPluginWithoutLoadingIt) {
  const StampResult result = read_stamp(WEIR_PROBE);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.stamp, own());
}

/// Whatever is in the file: an answer, no crash, and no text from beyond the stamp.
void expect_an_answer(const StampResult& result) {
  EXPECT_NE(result.stamp.empty(), result.error.empty());
  EXPECT_LE(result.stamp.size(), abi::make_stamp().size());
}

TEST(Stamp, OfALibraryThatIsCutOffIsAnAnswer) {
  const TemporaryFolder folder;
  const std::string bytes = read_bytes(WEIR_PROBE);
  for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 50) {
    SCOPED_TRACE("cut off at " + std::to_string(length));
    expect_an_answer(read_stamp(folder.write("cut.so", bytes.substr(0, length))));
  }
}

TEST(Stamp, OfADamagedLibraryIsAnAnswer) {
  const TemporaryFolder folder;
  const std::string bytes = read_bytes(WEIR_PROBE);
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  const auto u64_at = [&](std::size_t offset) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return static_cast<std::size_t>(value);
  };
  const std::size_t segments = u64_at(32);  // e_phoff
  const std::size_t sections = u64_at(40);  // e_shoff
  constexpr char kOdd[] = {0, 1, 0x7f, static_cast<char>(0x80), static_cast<char>(0xff)};
  for (int round = 0; round < 400; ++round) {
    std::string damaged = bytes;
    for (std::size_t i = 1 + below(6); i > 0; --i) {
      // Mostly where the offsets and sizes are: the header and the tables that it points to.
      std::size_t at = below(bytes.size());
      switch (below(4)) {
        case 0:
          at = below(64);
          break;
        case 1:
          at = segments + below(8 * 56);
          break;
        case 2:
          at = sections + below(bytes.size() - sections);
          break;
        default:
          break;
      }
      damaged[at] = below(2) == 0 ? kOdd[below(sizeof kOdd)] : static_cast<char>(below(256));
    }
    SCOPED_TRACE("round " + std::to_string(round));
    expect_an_answer(read_stamp(folder.write("damaged.so", damaged)));
  }
}

TEST(CompareStamp, AcceptsItsOwn) { EXPECT_EQ(compare_stamp(own(), own()), std::nullopt); }

TEST(CompareStamp, NamesEveryDifference) {
  EXPECT_EQ(
      compare_stamp("weir-plugin abi=2 pointer=8 node=64", "weir-plugin abi=1 pointer=8 node=72"),
      "it was built for another weir (abi is 1 here and 2 in the plugin, node is 72 here and "
      "64 in the plugin); build it again with this one's headers");
}

TEST(CompareStamp, NamesWhatOneSideLacks) {
  EXPECT_EQ(compare_stamp("weir-plugin abi=1 debug-mode", "weir-plugin abi=1 json=31102"),
            "it was built for another weir (json is 31102 here and missing in the plugin, "
            "debug-mode is missing here and yes in the plugin); build it again with this one's "
            "headers");
}

TEST(CompareStamp, TakesAnyText) {
  for (const char* odd : {"", "weir-plugin", "weir-plugin  =  == a= =b", "\xff\xfe"}) {
    EXPECT_NE(compare_stamp(odd, own()), std::nullopt) << odd;
  }
}

}  // namespace
}  // namespace weir::compile
