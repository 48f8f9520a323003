#include <gtest/gtest.h>

#include "spec/diagnostic.hpp"

namespace weir::spec {
namespace {

TEST(Nearest, FindsAMissingAnExtraAWrongAndASwappedLetter) {
  const std::vector<std::string> known{"source", "function", "queue", "sink"};
  EXPECT_EQ(nearest("sorce", known), "source");
  EXPECT_EQ(nearest("queuee", known), "queue");
  EXPECT_EQ(nearest("sonk", known), "sink");
  EXPECT_EQ(nearest("sikn", known), "sink");
}

TEST(Nearest, AllowsAThirdOfTheLength) {
  EXPECT_EQ(nearest("abcdef", {"abXYef"}), "abXYef");
  EXPECT_EQ(nearest("abcdef", {"aXYZef"}), "");
  EXPECT_EQ(nearest("ab", {"aX"}), "aX");
  EXPECT_EQ(nearest("ab", {"XY"}), "");
}

TEST(Nearest, CountsLetterCaseHalf) {
  EXPECT_EQ(nearest("From", {"from"}), "from");
  EXPECT_EQ(nearest("FRoM", {"from"}), "");
  EXPECT_EQ(nearest("Limit", {"Limed", "limit"}), "limit");
  EXPECT_EQ(nearest("Form", {"forms", "form"}), "form");
}

TEST(Nearest, TakesTheNearestAndOfEquallyNearTheFirst) {
  EXPECT_EQ(nearest("pushs", {"push", "pushes", "pusher"}), "push");
  EXPECT_EQ(nearest("built", {"guilt", "build"}), "guilt");
}

TEST(Nearest, KeepsSomethingOfTheName) {
  EXPECT_EQ(nearest("a", {"b"}), "");
  EXPECT_EQ(nearest("a", {"ab"}), "ab");
  EXPECT_EQ(nearest("", {"a"}), "");
}

TEST(Nearest, DoesNotLookAtVeryLongNames) {
  const std::string name(100'000, 'x');
  EXPECT_EQ(nearest(name, {name}), "");
  EXPECT_EQ(nearest("x", {name}), "");
}

TEST(DidYouMean, IsEmptyWhereNothingIsNear) {
  EXPECT_EQ(did_you_mean("facter", {"factor"}), "; did you mean 'factor'?");
  EXPECT_EQ(did_you_mean("facter", {"path"}), "");
}

}  // namespace
}  // namespace weir::spec
