#include "view/record/check_trace.hpp"

#include <gtest/gtest.h>
#include <string>

#include "samples.hpp"
#include "view/record/trace.hpp"

namespace weir::view::test {
namespace {

std::string trace_of(const Recording& recording) {
  std::string text;
  write_trace(recording, [&](std::string_view piece) { text += piece; });
  return text;
}

std::string problem(const std::string& events) {
  const TraceCheck check = check_trace("{\"traceEvents\": [" + events + "]}");
  return check.problems.empty() ? "" : check.problems.front();
}

TEST(Trace, OfARunIsSound) {
  Recording of = one_second_each(10, 3);
  const std::size_t parent = of.items.size() - 1;
  add(of, 2, 5, 6, 8, parent);
  of.items[0].error = "no \"luck\"";
  of.samples.push_back({kSecond, {}, {{1, 2, 3, 4, 5, 6, 7}, {}, {}}});
  of.batches.push_back({1, 0, kSecond, 2 * kSecond, 17});
  const std::string trace = trace_of(of);
  const TraceCheck check = check_trace(trace);
  EXPECT_TRUE(check.problems.empty()) << check.problems.front();
  EXPECT_EQ(check.items, 11U);
  EXPECT_NE(trace.find("\"slot 3\""), trace.npos);
  EXPECT_NE(trace.find("\"17 items\""), trace.npos);
  EXPECT_NE(trace.find("\"limit build\""), trace.npos);
}

TEST(Trace, ShowsWhatWasCutOff) {
  Recording of = one_second_each(1, 1);
  of.items[0].attempts[0].cut_off = true;
  EXPECT_NE(trace_of(of).find("\"state\":\"cut off\""), std::string::npos);
}

TEST(CheckTrace, FindsSpansThatOverlap) {
  const std::string first = R"({"ph":"X","cat":"task","name":"a","pid":1,"tid":2,"ts":0,"dur":5})";
  EXPECT_EQ(
      problem(first + R"(,{"ph":"X","cat":"task","name":"b","pid":1,"tid":2,"ts":3,"dur":5})"),
      "in thread 2 of process 1, spans overlap at 3 µs");
  EXPECT_EQ(
      problem(first + R"(,{"ph":"X","cat":"task","name":"b","pid":1,"tid":2,"ts":3,"dur":2})"), "");
}

TEST(CheckTrace, FindsNegativeTimes) {
  EXPECT_EQ(problem(R"({"ph":"X","cat":"task","name":"a","pid":1,"tid":2,"ts":0,"dur":-5})"),
            "a span at 0 µs takes -5 µs");
  EXPECT_EQ(problem(R"({"ph":"C","name":"a","pid":1,"tid":2,"ts":-1,"args":{"x":1}})"),
            "an event is at -1 µs, before the run");
}

TEST(CheckTrace, FindsSumsThatDoNotMatch) {
  const auto item = [](int ends) {
    return R"({"ph":"b","cat":"item","name":"a","id":1,"pid":1,"tid":0,"ts":0},)"
           R"({"ph":"X","cat":"run","name":"a","pid":1,"tid":1,"ts":0,"dur":5,"args":{"item":1}},)"
           R"({"ph":"e","cat":"item","name":"a","id":1,"pid":1,"tid":0,"ts":)" +
           std::to_string(ends) + "}";
  };
  EXPECT_EQ(problem(item(5)), "");
  EXPECT_EQ(problem(item(7)), "item 1 takes 7 µs, but its parts 5 µs");
}

TEST(CheckTrace, FindsWhatDoesNotEnd) {
  EXPECT_EQ(problem(R"({"ph":"b","cat":"item","name":"a","id":1,"pid":1,"tid":0,"ts":0})"),
            "item 1 does not end");
}

TEST(CheckTrace, FindsWhatIsNoTrace) {
  EXPECT_FALSE(check_trace("[1").problems.empty());
  EXPECT_FALSE(check_trace("{}").problems.empty());
}

}  // namespace
}  // namespace weir::view::test
