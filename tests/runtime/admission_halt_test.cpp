// Parties that are halted, since what they gave out waits for room; or dismissed, since nobody
// wants what they give out.

#include <gtest/gtest.h>
#include <memory>
#include <utility>

#include "admission_fixture.hpp"
#include "runtime/hold.hpp"

namespace weir::test {
namespace {

using namespace std::chrono_literals;

class AdmissionHaltTest : public AdmissionTest {
 protected:
  Admission::Party build_, push_;
};

TEST_F(AdmissionHaltTest, WhoIsHaltedIsInNobodysWayAndKeepsItsPlace) {
  limits({slots(1)});
  Worker& first = enter("first");
  enter("a", {of(0)}, &build_);
  Worker& b = enter("b", {of(0)}, &push_);
  enter("c", {of(0)}, &build_);
  Worker& d = enter("d", {of(0)}, &push_);
  admission_->halt(build_);
  EXPECT_EQ(started(), Names{"first"});
  first.end();
  EXPECT_EQ(started(), Names{"b"});
  admission_->resume(build_);
  b.end();
  EXPECT_EQ(started(), Names{"a"});
  EXPECT_EQ(state().waiting, 2);
  admission_->halt(build_);
  workers_[1]->end();
  EXPECT_EQ(started(), Names{"d"});
  admission_->resume(build_);
  d.end();
  EXPECT_EQ(started(), Names{"c"});
}

TEST_F(AdmissionHaltTest, GoesOnWhenItHasBeenResumedAsOftenAsHalted) {
  limits({slots(1)});
  admission_->halt(build_);
  admission_->halt(build_);
  enter("a", {of(0)}, &build_);
  admission_->resume(build_);
  EXPECT_TRUE(admission_->is_halted(build_));
  EXPECT_EQ(started(), Names{});
  admission_->resume(build_);
  EXPECT_EQ(started(), Names{"a"});
}

TEST_F(AdmissionHaltTest, ChangesTheOrderAtNoneOfSeveralLimits) {
  limits({slots(1, "x"), slots(1, "y")});
  Worker& x = enter("x", {of(0)});
  enter("both", {of(0), of(1)}, &build_);
  Worker& y = enter("y", {of(1)}, &push_);  // behind `both`
  EXPECT_EQ(started(), Names{"x"});
  admission_->halt(build_);
  EXPECT_EQ(started(), Names{"y"});
  admission_->resume(build_);
  x.end();
  EXPECT_EQ(started(), Names{});
  y.end();
  EXPECT_EQ(started(), Names{"both"});
}

TEST_F(AdmissionHaltTest, WhoHasWaitedForRoomKnowsThat) {
  limits({slots(10, "net")});
  admission_->halt(build_);
  Worker& a = enter("a", {of(0)}, &build_);
  Worker& b = enter("b", {of(0)}, &build_);
  Worker& other = enter("other", {of(0)}, &push_);
  admission_->resume(build_);
  Worker& late = enter("late", {of(0)}, &build_);
  EXPECT_EQ(a.held(*admission_), "net: room");
  EXPECT_EQ(b.held(*admission_), "net: room");
  EXPECT_EQ(other.held(*admission_), "");
  EXPECT_EQ(late.held(*admission_), "");
}

TEST_F(AdmissionHaltTest, WhoWaitsForSlotsAfterwardsHasWaitedForThose) {
  limits({slots(1, "net")});
  Worker& first = enter("first", {of(0)}, &push_);
  Worker& a = enter("a", {of(0)}, &build_);
  Worker& b = enter("b", {of(0)}, &build_);
  admission_->halt(build_);
  admission_->resume(build_);
  first.end();
  a.end();
  EXPECT_EQ(a.held(*admission_), "net: slots");
  EXPECT_EQ(b.held(*admission_), "net: slots");
}

TEST_F(AdmissionHaltTest, WhoIsDismissedIsRefusedAndNobodyElse) {
  limits({slots(1, "x"), slots(1, "y")});
  Worker& x = enter("x", {of(0)}, &build_);
  Worker& both = enter("both", {of(0), of(1)}, &build_);
  Worker& more = enter("more", {of(0)}, &build_);
  Worker& behind = enter("behind", {of(1)}, &push_);
  Worker& last = enter("last", {of(0)}, &push_);
  EXPECT_EQ(started(), Names{"x"});
  admission_->dismiss(build_);
  EXPECT_EQ(started(), Names{"behind"});
  EXPECT_EQ(both.refusals, 1);
  EXPECT_EQ(more.refusals, 1);
  EXPECT_EQ(state().waiting, 1);
  EXPECT_EQ(state(1).waiting, 0);
  EXPECT_EQ(enter("late", {of(1)}, &build_).refusals, 1);
  EXPECT_EQ(enter("needs nothing", {}, &build_).refusals, 1);
  x.end();
  EXPECT_EQ(started(), Names{"last"});
  admission_->dismiss(build_);
  EXPECT_EQ(x.refusals + behind.refusals + last.refusals, 0);
  EXPECT_EQ(both.refusals, 1);
}

TEST_F(AdmissionHaltTest, WhoIsDismissedWaitsForNoTime) {
  limits({rate(1s)});
  enter("first", {key("a")}, &build_).end();
  Worker& second = enter("second", {key("a")}, &build_);
  admission_->pause(0, "b", clock_.now() + 10s);
  Worker& third = enter("third", {key("b")}, &build_);
  admission_->halt(build_);
  admission_->dismiss(build_);
  admission_->resume(build_);
  EXPECT_EQ(second.refusals, 1);
  EXPECT_EQ(third.refusals, 1);
  EXPECT_EQ(started(), Names{"first"});
  // A key is kept for as long as its rate and its pause count, and no longer.
  EXPECT_EQ(admission_->states().size(), 2U);
  clock_.advance(2s);
  EXPECT_EQ(admission_->states().size(), 1U);
  clock_.advance(9s);
  EXPECT_EQ(state().key, "");
  EXPECT_EQ(started(), Names{});
}

/// Counts how often it is halted.
struct Halts final : runtime::Haltable {
  void halt() noexcept override { ++now, ++all; }
  void resume() noexcept override { --now; }
  int now = 0;
  int all = 0;
};

TEST(PermitHolder, HaltsAsLongAsThereIsNoRoomAndNoLonger) {
  Halts halts;
  runtime::PermitHolder holder(Permit(), &halts);
  std::shared_ptr<void> share = holder.share();
  std::shared_ptr<void> second = holder.share();
  EXPECT_EQ(halts.now, 1);
  share.reset();
  EXPECT_EQ(halts.now, 1);
  second.reset();
  EXPECT_EQ(halts.now, 0);  // although the work goes on
  share = holder.share();
  EXPECT_EQ(halts.now, 1);
  holder.let_go();
  EXPECT_EQ(halts.now, 1);  // although the work is over
  share.reset();
  EXPECT_EQ(halts.now, 0);
  EXPECT_EQ(halts.all, 2);
}

}  // namespace
}  // namespace weir::test
