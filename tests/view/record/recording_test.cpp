#include "view/record/recording.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

#include "journal/error.hpp"
#include "journal/journal.hpp"
#include "samples.hpp"

namespace weir::view::test {
namespace {

class RecordingTest : public testing::Test {
 protected:
  RecordingTest() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-recording-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    file = folder / "run.db";
  }
  ~RecordingTest() override { std::filesystem::remove_all(folder); }

  /// An item of "build" and what came of it, at "push".
  void write(bool to_the_end) {
    journal::Journal journal(file, [](const std::string& error) { ADD_FAILURE() << error; });
    journal.begun({to_json(recording(1, 0).graph).dump(), R"({"started_ns":1000,"threads":3})"});
    journal::Started started;
    started.node = "build";
    started.key.low = 1;
    started.item = "x";
    started.arrived_ns = started.queued_ns = 2000;
    started.admitted_ns = started.started_ns = 3000;
    journal.started(started);
    journal::Ended ended;
    ended.node = "build";
    ended.key.low = 1;
    ended.ended_ns = 4000;
    journal.ended(ended);
    started.parent = started.key;
    started.node = "push";
    started.key.low = 2;
    started.started_ns = 5000;
    journal.started(started);
    journal.sampled({0,
                     6000,
                     {},
                     "[[1,1,0,0,0,0,0,[[\"build\",4,[[\"\",1,0,true,false,[[\"build\",7]]]]]]],[1,"
                     "1,0,0,0,0,0],[1,0,0,1,0,0,0]]",
                     "[[1,1,2000,500,8]]",
                     1});
    if (to_the_end) {
      journal.changed({R"({"started_ns":1000,"ended_ns":9000,"outcome":"done","exit_code":0})"});
    }
  }

  std::filesystem::path folder;
  std::filesystem::path file;
};

TEST_F(RecordingTest, HasItemsAndWhatTheyCameOf) {
  write(true);
  const Recording of = load_recording_file(file);
  EXPECT_EQ(of.state, "done");
  EXPECT_EQ(of.exit_code, 0);
  EXPECT_EQ(of.last, 8000);
  ASSERT_EQ(of.items.size(), 2U);
  EXPECT_EQ(of.items[0].node, 1U);
  EXPECT_EQ(of.items[0].attempts[0].admitted, 2000);
  EXPECT_EQ(of.items[1].parent, 0U);
  ASSERT_EQ(of.samples.size(), 1U);
  EXPECT_EQ(of.samples[0].nodes[2].running, 1);
  ASSERT_EQ(of.batches.size(), 1U);
  EXPECT_EQ(of.batches[0].items, 8);
  ASSERT_TRUE(of.samples[0].limits);
  const runtime::LimitStatus& limit = of.samples[0].limits->at(0);
  EXPECT_EQ(limit.name, "build");
  EXPECT_TRUE(limit.is_own);
  EXPECT_EQ(limit.slots, 4);
  EXPECT_TRUE(limit.states.at(0).paused_for);
  EXPECT_EQ(limit.states[0].waiters.at(0).items, 7);
}

TEST_F(RecordingTest, OfARunThatWasKilledEndsWithTheLastThatIsKnown) {
  write(false);
  const Recording of = load_recording_file(file);
  EXPECT_EQ(of.state, "crashed");
  EXPECT_EQ(of.last, 5000);
  const Recording::Attempt& open = of.items[1].attempts[0];
  EXPECT_TRUE(open.cut_off);
  EXPECT_EQ(open.ended, 5000);
  EXPECT_TRUE(of.items[1].is_open);
}

TEST_F(RecordingTest, HasNoNodesThatOnlyAnEarlierRunHad) {
  write(true);
  {
    journal::Journal journal(file, [](const std::string& error) { ADD_FAILURE() << error; });
    Recording renamed = recording(1, 0);
    renamed.graph.nodes[1].name = "make";
    journal.begun({to_json(renamed.graph).dump(), R"({"started_ns":10000,"threads":3})"});
    journal::Started started;
    started.node = "make";
    started.key.low = 3;
    started.item = "x";
    started.arrived_ns = started.queued_ns = started.admitted_ns = started.started_ns = 12'000;
    journal.started(started);
    started.node = "build";  // of a node that is not there, whatever the time says
    started.key.low = 4;
    journal.started(started);
  }
  const Recording of = load_recording_file(file);
  ASSERT_EQ(of.graph.nodes.size(), 3U);
  EXPECT_EQ(of.graph.nodes[1].name, "make");
  ASSERT_EQ(of.items.size(), 1U);
  EXPECT_EQ(of.items[0].node, 1U);
}

TEST_F(RecordingTest, SaysWhatCanNotBeRead) {
  {
    journal::Journal journal(file, [](const std::string&) {});
  }
  EXPECT_TRUE(load_recording_file(file).items.empty());
  {
    journal::Journal journal(file, [](const std::string&) {});
    journal.begun({"{}", "{}"});
  }
  EXPECT_THROW(load_recording_file(file), journal::Error);
}

}  // namespace
}  // namespace weir::view::test
