#include "view/record/bottleneck.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace weir::view::test {
namespace {

std::string text_of(const Recording& recording) {
  return bottleneck_of(recording, where_time_went(recording)).text;
}

/// How `build` and `push` stand, at this second.
void sample(Recording& recording, std::int64_t second, Recording::Sample::Node build,
            Recording::Sample::Node push) {
  Recording::Sample sample;
  sample.at = second * kSecond;
  sample.nodes = {{}, build, push};
  recording.samples.push_back(sample);
}

TEST(BottleneckOfARecord, IsTheLimitThatItemsWaitedForMost) {
  EXPECT_EQ(text_of(one_second_each(10, 2)),
            "items waited 20.0s in all for the limit build, at build");
}

TEST(BottleneckOfARecord, CountsItemsThatHadNotBegunWhenTheRunDied) {
  Recording of = recording(1, 2);
  of.state = "crashed";
  // One item waited 1 s for `build`; before `push` 40 wait behind two that have run since 1 s.
  const std::size_t first = add(of, 1, 0, 0, 1);
  add(of, 1, 0, 1, 2);
  add(of, 2, 1, 1, 10, first);
  sample(of, 0, {2, 0, 0, 1, 1, 0, 0}, {});
  sample(of, 1, {2, 1, 0, 1, 0, 0, 0}, {42, 0, 0, 2, 40, 0, 0});
  EXPECT_EQ(text_of(of),
            "items waited 6m00s in all for the limit push, at push; 40 have not begun");
}

TEST(BottleneckOfARecord, WithoutALimitIsWhereMostWaited) {
  Recording of = recording(0, 0);
  add(of, 1, 0, 0, 1);
  sample(of, 0, {5, 0, 0, 1, 4, 0, 0}, {});
  EXPECT_EQ(text_of(of), "most of what waited did so before build");
}

}  // namespace
}  // namespace weir::view::test
