// Keys, states, times and texts, as they are written.

#include "journal/event.hpp"
#include "journal/text.hpp"
#include "journal/time.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

TEST(Key, IsWrittenAs32Digits) {
  const Key key{0x0123456789abcdef, 0xf};
  EXPECT_EQ(key.text(), "0123456789abcdef000000000000000f");
  EXPECT_EQ(Key::parse(key.text()), key);
}

TEST(Key, IsNotReadFromAnythingElse) {
  for (const char* text :
       {"", "12", "0123456789abcdef000000000000000", "x123456789abcdef000000000000000f",
        "-123456789abcdef000000000000000f", "0123456789abcdef000000000000000f0"}) {
    EXPECT_EQ(Key::parse(text), std::nullopt) << text;
  }
}

TEST(State, IsReadAsItIsWritten) {
  for (const State state :
       {State::running, State::backing_off, State::done, State::failed, State::cancelled}) {
    EXPECT_EQ(parse_state(to_string(state)), state);
  }
  EXPECT_EQ(to_string(State::backing_off), "backing_off");
  EXPECT_EQ(parse_state("waiting"), std::nullopt);
}

TEST(Time, IsReadAsItIsWritten) {
  const std::string text = "2026-11-25T01:52:40.123456Z";
  const auto ns = parse_iso_time(text);
  ASSERT_TRUE(ns);
  EXPECT_EQ(*ns, 1'795'571'560'123'456'000);
  EXPECT_EQ(iso_time(*ns), text);
  EXPECT_EQ(compact_time(*ns), "20261125-015240");
  EXPECT_EQ(iso_time(0), "1970-01-01T00:00:00.000000Z");
}

TEST(Time, IsNotReadFromAnythingElse) {
  for (const char* text : {"", "2026-11-25", "2026-11-25T01:52:40Z", "2026-13-25T01:52:40.123456Z",
                           "2026-02-30T01:52:40.123456Z", "2026-11-25T01:52:40.123456+"}) {
    EXPECT_EQ(parse_iso_time(text), std::nullopt) << text;
  }
}

TEST(Shortened, KeepsSequencesWhole) {
  EXPECT_EQ(shortened("short", 5), "short");
  EXPECT_EQ(shortened("longer", 5), "lo…");
  EXPECT_EQ(shortened("ääää", 7), "ää…");
  EXPECT_EQ(shortened("aäää", 6), "aä…");
  EXPECT_EQ(shortened("äääää", 8), "ää…");
}

TEST(Time, GoesOnBehindWhatWasWrittenDown) {
  const std::int64_t now = now_ns();
  const std::int64_t later = now + 3'600'000'000'000;
  go_on_after(now - 1);
  EXPECT_LT(now_ns(), later);
  go_on_after(later);
  const std::int64_t then = now_ns();
  EXPECT_GT(then, later);
  EXPECT_GE(now_ns(), then);
  EXPECT_LT(now_ns(), later + 60'000'000'000);
}

}  // namespace
}  // namespace weir::journal::test
