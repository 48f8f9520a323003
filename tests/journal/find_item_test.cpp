#include "journal/find_item.hpp"

#include "journal/error.hpp"
#include "journal/journal.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

class FindItem : public testing::Test {
 protected:
  void SetUp() override {
    Journal journal(folder / "run.db", [](const std::string& error) { ADD_FAILURE() << error; });
    const Key keys[] = {
        {0xabcd'1000'0000'0000, 1}, {0xabcd'2000'0000'0000, 2}, {0xface, 3}, {0xf00d, 4}};
    const char* texts[] = {"nginx", "3", "redis", "nginx"};
    for (std::size_t i = 0; i < 4; ++i) {
      Started begin = begun("push", i + 1);
      begin.key = keys[i];
      begin.item = texts[i];
      journal.started(begin);
    }
  }
  /// The numbers of those that are found, or an error.
  std::string found(const std::string& which, const std::string& node = "push") {
    const History history = History::load(folder / "run.db");
    try {
      std::string numbers;
      for (const Row* row : find_items(history, node, which)) {
        numbers += std::to_string(row->seq) + " ";
      }
      return numbers;
    } catch (const UnknownItem& error) {
      return error.what();
    }
  }

  const Folder folder;
};

TEST_F(FindItem, ByItsNumber) { EXPECT_EQ(found("4"), "4 "); }
TEST_F(FindItem, ByItsText) {
  EXPECT_EQ(found("redis"), "3 ");
  EXPECT_EQ(found("nginx"), "1 4 ");
}
TEST_F(FindItem, ByTheBeginningOfItsKey) {
  EXPECT_EQ(found("abcd1"), "1 ");
  EXPECT_EQ(found("000000000000face0000000000000003"), "3 ");
}
TEST_F(FindItem, SaysWhetherANumberHasBegun) {
  EXPECT_TRUE(has_begun(folder / "run.db", "push", 4));
  EXPECT_FALSE(has_begun(folder / "run.db", "push", 5));
  EXPECT_FALSE(has_begun(folder / "run.db", "build", 1));
  EXPECT_FALSE(has_begun(folder / "none.db", "push", 1));
}
TEST_F(FindItem, SaysWhatIsNotClear) {
  EXPECT_EQ(
      found("3"),
      "'3' is the number of one item at 'push' and the text of another; name it by its key: "
      "000000000000face0000000000000003 (number 3) or abcd2000000000000000000000000002 (number 2)");
  EXPECT_EQ(found("abcd"), "the keys of 2 items at 'push' begin with 'abcd'; write more of it");
}
TEST_F(FindItem, SaysHowToNameOne) {
  const std::string how =
      " at 'push'; name one by its number (1 to 4), its text, or the first 4 digits or more of its "
      "key";
  EXPECT_EQ(found("5"), "there is no item '5'" + how);
  EXPECT_EQ(found("abc"), "there is no item 'abc'" + how);
  EXPECT_EQ(found(""), "there is no item ''" + how);
  EXPECT_EQ(found("1", "pull"), "no item has started at 'pull'");
}

}  // namespace
}  // namespace weir::journal::test
