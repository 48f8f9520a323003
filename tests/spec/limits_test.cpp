/// `limits:` and `limit:`. What can be wrong with them is in the golden files.

#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

Reading read_limits(const std::string& limits, const std::string& limit) {
  Reading reading = read("weir: 1\nparams: {names: [b, a]}\nlimits: " + limits +
                         "\nnodes:\n"
                         "  in: {source: lines, path: x}\n"
                         "  work: {from: in, run: [x], limit: " +
                         limit + "}\n");
  return reading;
}

TEST(Limits, AreSlotsOrAMap) {
  const Reading reading = read_limits(
      "{a: 3, b: {slots: 2, rate: 30/m, memory: 1KiB, per: '${{ item.host }}'}}", "[a, b]");
  ASSERT_EQ(reading.pipeline.limits.size(), 2U);
  const LimitDeclaration& a = reading.pipeline.limits[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.slots, 3);
  EXPECT_FALSE(a.rate || a.memory || a.per || a.faulty);
  EXPECT_EQ(a.place, (Place{3, 10, 1}));
  const LimitDeclaration& b = reading.pipeline.limits[1];
  EXPECT_EQ(b.slots, 2);
  EXPECT_EQ(b.rate->per_second, 0.5);
  EXPECT_EQ(b.memory, 1024U);
  EXPECT_EQ(b.per->holes.size(), 1U);
}

TEST(Limits, AreNamedByNodesInAnyOrder) {
  const Reading reading = read_limits("{a: 1, b: 2}", "'${names}'");
  EXPECT_EQ(reading.rendered(), "");
  const Limit& limit = *reading.node("work").limit;
  ASSERT_EQ(limit.names.size(), 2U);
  EXPECT_EQ(limit.names[0].name, "b");
  EXPECT_EQ(limit.names[1].name, "a");
  EXPECT_EQ(limit.names[1].place, (Place{2, 21, 1}));
  EXPECT_FALSE(limit.count || limit.faulty);
}

TEST(Limits, ThatNobodyDeclaresAreLeftOut) {
  const Reading reading = read_limits("{a: 1}", "[a, c]");
  ASSERT_EQ(reading.node("work").limit->names.size(), 1U);
  EXPECT_EQ(reading.node("work").limit->names[0].name, "a");
  EXPECT_TRUE(reading.node("work").limit->faulty);
}

TEST(Limits, ThatAreWrongCanBeNamedAllTheSame) {
  const Reading reading = read_limits("{a: 0}", "a");
  EXPECT_TRUE(reading.pipeline.limits.at(0).faulty);
  EXPECT_EQ(reading.node("work").limit->names.size(), 1U);
  EXPECT_EQ(reading.diagnostics.all().size(), 1U);
}

TEST(Limits, MayBeEmpty) {
  EXPECT_EQ(read_limits("{}", "3").rendered(), "");
  EXPECT_EQ(read_limits("", "3").rendered(), "");
}

TEST(WeightAndMemory, OfAFunctionStandApartFromItsParameters) {
  const Reading reading = read(
      "weir: 1\nnodes:\n  in: {source: lines, weight: 1}\n"
      "  work: {from: in, run: [x], weight: 2, memory: '${{ item.memory }}'}\n"
      "  out: {from: work, sink: s, memory: 1KiB}\n");
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.node("work").weight->value.integer, 2);
  EXPECT_EQ(reading.node("work").memory->value.holes.size(), 1U);
  EXPECT_EQ(reading.node("work").parameters.size(), 1U);
  EXPECT_EQ(reading.value("in", "weight").integer, 1);
  EXPECT_EQ(reading.value("out", "memory").text, "1KiB");
}

}  // namespace
}  // namespace weir::spec
