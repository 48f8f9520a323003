#include "io/survivors.hpp"

#include <list>

#include "support.hpp"

namespace weir::io::test {
namespace {

/// Kills what `text`, a shell's, has left behind; which writes the number of one of them to
/// $SIGNPOST. Gives that.
class Survivors : public testing::Test {
 protected:
  pid_t leave_behind(const std::string& text) {
    const Signpost signpost(folder_, std::to_string(++count_));
    Command leaves = shell(text);
    leaves.env = {{"SIGNPOST", signpost.path()}, {"MARK", "outer:" + mark_ + ":inner"}};
    reactor_.start_process(process_.emplace_back(), leaves);
    return std::stoi(signpost.read_line());
  }
  std::size_t kill() {
    Remains remains;
    remains.variable = "MARK";
    remains.mark = mark_;
    remains.session = ::getsid(0);
    remains.group = ::getpgrp();
    remains.groups = groups_;
    return kill_survivors(remains, std::chrono::seconds(20));
  }

  std::unordered_set<pid_t> groups_;

 private:
  const std::string mark_ = "mark" + std::to_string(::getpid());
  const TemporaryFolder folder_;
  int count_ = 0;
  std::list<AwaitedProcess> process_;
  Reactor reactor_;
};

TEST_F(Survivors, ThatBearTheMarkAreKilled) {
  const pid_t stubborn =
      leave_behind("trap '' TERM; echo $$ > $SIGNPOST; while :; do sleep 9; done");
  const pid_t orphan = leave_behind("(setsid sh -c 'echo $$ > $SIGNPOST; exec sleep 1000' &)");
  EXPECT_TRUE(is_alive(stubborn));
  EXPECT_TRUE(is_alive(orphan));
  EXPECT_EQ(kill(), 0u);
  EXPECT_FALSE(is_alive(stubborn));
  EXPECT_FALSE(is_alive(orphan));
}

/// A part of a shell's text that drops the mark, then says who it is.
constexpr const char* unmarked =
    " env -i sh -c \"echo \\$\\$ > $SIGNPOST; exec sleep 1000\" > /dev/null 2>&1 ";

TEST_F(Survivors, WithoutTheMarkAreKnownByTheirSession) {
  const pid_t pid = leave_behind("setsid sh -c '" + std::string(unmarked) + "& wait'");
  EXPECT_EQ(kill(), 0u);
  EXPECT_FALSE(is_alive(pid));
}

TEST_F(Survivors, WithoutTheMarkAreKnownByTheirParent) {
  const pid_t pid = leave_behind("setsid" + std::string(unmarked) + "& wait");
  EXPECT_EQ(kill(), 0u);
  EXPECT_FALSE(is_alive(pid));
}

TEST_F(Survivors, WithoutTheMarkAreKnownByTheGroupsThatWereStarted) {
  const pid_t leader = leave_behind("exec" + std::string(unmarked));
  EXPECT_EQ(kill(), 0u);
  EXPECT_TRUE(is_alive(leader));
  groups_ = {leader};
  EXPECT_EQ(kill(), 0u);
  EXPECT_FALSE(is_alive(leader));
}

TEST_F(Survivors, AreNotThoseWhoOnlyShareTheSession) {
  AwaitedProcess other;
  Reactor reactor;
  const TemporaryFolder folder;
  const Signpost signpost(folder);
  reactor.start_process(other, shell("echo $$ > " + signpost.path() + "; exec sleep 1000"));
  const pid_t stranger = std::stoi(signpost.read_line());
  leave_behind("echo $$ > $SIGNPOST; exec sleep 1000");
  EXPECT_EQ(kill(), 0u);
  EXPECT_TRUE(is_alive(stranger));
}

}  // namespace
}  // namespace weir::io::test
