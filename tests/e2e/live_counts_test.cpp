#include <chrono>
#include <csignal>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// What all views say of a run that stands still.
class LiveCounts : public EndToEnd {
 protected:
  LiveCounts() {
    folder.write("test.yaml", pipeline(R"(
images: {source: list, items: [p, q, r, s, t]}
built: {from: images, queue: fifo}
push: {from: built, shell: 'echo here >begun; exec sleep 100', limit: 1})"));
  }
  Json ask(const Strings& arguments) {
    return Json::parse(weir({.arguments = arguments}).out, nullptr, false);
  }
  /// What waits gets there by itself, and soon.
  Json until_all_wait() {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
      Json status = ask({"status", "--json"});
      const Json& node = status["nodes"].back();
      if (node["waiting"].get<int>() + node["queued"].get<int>() == 4) return status;
      if (std::chrono::steady_clock::now() > deadline) {
        ADD_FAILURE() << status;
        return status;
      }
    }
  }
};

TEST_F(LiveCounts, AreTheSameWhereverTheyAreShown) {
  Signpost begun(folder, "begun");
  Process process(WEIR_BINARY, Start{.arguments = {"run", "test.yaml", "--progress", "json"},
                                     .folder = folder.path()});
  begun.read_line();
  const Json status = until_all_wait();
  const Json& built = status["nodes"][1];
  EXPECT_EQ(built["in"], 5);
  EXPECT_EQ(built["done"], 1) << built;
  EXPECT_EQ(built["waiting"], 4) << built;
  // They are under way still, though the source has nothing more to give.
  EXPECT_EQ(status["sources"][0]["ended"], true);
  EXPECT_EQ(status["sources"][0]["items_in_flight"], 5);

  const std::string text = weir({.arguments = {"status"}}).out;
  for (const std::string row : {"\nbuilt         -        4            -   1/5       -\n",
                                "\npush        1/1        4            0   0/5       0\n",
                                "\n  images  has ended  5 of "}) {
    EXPECT_NE(text.find(row), std::string::npos) << row << text;
  }
  const Json graph = ask({"graph", "--run", "latest", "-f", "json"});
  EXPECT_EQ(graph["nodes"][1]["run"]["done"], 1);
  EXPECT_EQ(graph["nodes"][1]["run"]["waiting"], 4);
  EXPECT_EQ(graph["nodes"][2]["run"]["waiting"], 4);

  process.wait_for_error(
      R"("built":{"in":5,"done":1,"failed":0,"cancelled":0,"running":0,"waiting":4)");
  process.wait_for_error(
      R"("push":{"in":5,"done":0,"failed":0,"cancelled":0,"running":1,"waiting":4)");

  // Of one that was killed it is what its last sample says.
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (ask({"report", "--json"})["nodes"][1]["waiting"] != 4) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
  process.send(SIGKILL);
  process.wait();
  const Json killed = ask({"graph", "--run", "latest", "-f", "json"});
  EXPECT_EQ(killed["nodes"][1]["run"]["done"], 1);
  EXPECT_EQ(killed["nodes"][1]["run"]["waiting"], 4);
}

}  // namespace
}  // namespace weir::e2e
