// Items that were there in an earlier run, and do not come any more.

#include <string>

#include "resume.hpp"

namespace weir::e2e {
namespace {

class GoneItems : public Resume {
 protected:
  /// Of each line of `items`; fails if it begins with `bad`.
  void write_lines_that_may_fail() {
    write(R"(
s: {source: lines, path: items}
g: {from: s, shell: 'case $I in bad*) exit 1;; esac', env: {I: "${{ item }}"}})");
  }
};

TEST_F(GoneItems, AreMissedWhereAllThatFailedIsToBeRunAgain) {
  write_lines_that_may_fail();
  folder.write("items", "good\nbad\n");
  EXPECT_EQ(run_file().status, 1);
  folder.write("items", "good\n");
  const Ended gone = weir({.arguments = {"rerun", "latest", "--failed"}});
  EXPECT_EQ(gone.status, 1);
  EXPECT_NE(gone.err.find("weir: error: g: 'bad' ("), std::string::npos) << gone.err;
  EXPECT_NE(gone.err.find(") has not been run again: it did not come"), std::string::npos);
}

TEST_F(GoneItems, AreNamedUpToAFew) {
  write_lines_that_may_fail();
  folder.write("items", "bad1\nbad2\nbad3\nbad4\nbad5\nbad6\nbad7\n");
  EXPECT_EQ(run_file().status, 1);
  folder.write("items", "bad7\n");
  const Ended gone = weir({.arguments = {"rerun", "latest", "--failed"}});
  EXPECT_EQ(gone.status, 1);
  std::size_t named = 0;
  for (const std::string& line : lines_of(gone.err)) {
    if (line.starts_with("weir: error: g: 'bad")) ++named;
  }
  EXPECT_EQ(named, 5u) << gone.err;
  EXPECT_NE(gone.err.find("and 1 more have not been run again"), std::string::npos) << gone.err;
}

TEST_F(GoneItems, AreNotMissedBehindOneThatIsRunAgain) {
  write(R"(
a: {source: list, items: [x]}
b: {from: a, shell: 'test ! -e bad', env: {I: "${{ item }}"}}
told: {from: b.failed, shell: 'false'})");
  folder.write("bad", "");
  EXPECT_EQ(run_file().status, 1);
  std::filesystem::remove(folder.file("bad"));
  const Ended again = weir({.arguments = {"rerun", "latest", "--failed"}});
  EXPECT_EQ(again.status, 0) << again.err;
}

}  // namespace
}  // namespace weir::e2e
