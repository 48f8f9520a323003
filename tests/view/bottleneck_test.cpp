#include "view/bottleneck.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

Finding finding(std::vector<std::string> nodes, bool is_bottleneck = true) {
  return {std::move(nodes), "3 running, 41 waiting, bound by it", "bound by it", is_bottleneck};
}

TEST(Bottleneck, IsWhatIsFoundFirst) {
  EXPECT_EQ(sentence(bottleneck_of({finding({"push"}), finding({"build"})})),
            "push holds it back: 3 running, 41 waiting, bound by it");
  EXPECT_EQ(sentence(bottleneck_of({finding({"build", "push"})})),
            "build and push hold it back: 3 running, 41 waiting, bound by it");
}

TEST(Bottleneck, IsNoneThatFollowsFromSomethingElse) {
  EXPECT_EQ(sentence(bottleneck_of({finding({"push"}, false)})), "");
  EXPECT_EQ(sentence(bottleneck_of({})), "");
  EXPECT_EQ(to_json(bottleneck_of({})), nullptr);
}

TEST(Bottleneck, OfARunThatIsOverIsSaidOfAllOfIt) {
  Bottleneck bottleneck{{"push"}, {"push"}, "bound by it", "bound by it", "for 8.0s of 10.0s",
                        true};
  EXPECT_EQ(sentence(bottleneck), "push held it back for 8.0s of 10.0s: bound by it");
  EXPECT_EQ(most_text(3, 41, bottleneck), "; at most 3 ran, and 41 waited");
  EXPECT_EQ(most_text(3, 0, bottleneck), "");
  bottleneck.nodes = {"push", "sign", "scan"};
  bottleneck.length.clear();
  EXPECT_EQ(sentence(bottleneck), "push and 2 others held it back: bound by it");
  EXPECT_EQ(most_text(3, 41, bottleneck), "; at most 3 ran, and 41 waited at one of them");
}

TEST(Bottleneck, IsToldToAPageWithTheNamesThatItBeginsWith) {
  const auto json = to_json(bottleneck_of({finding({"build", "push"})}));
  EXPECT_EQ(json["node"], "build");
  EXPECT_EQ(json["nodes"].size(), 2U);
  EXPECT_EQ(json["text"].get<std::string>().find(json["names"].get<std::string>()), 0U);
}

}  // namespace
}  // namespace weir::view
