/// Files that are made to hang, to fill the memory or to overflow the stack, and large ones that
/// are not.

#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

std::string repeat(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string first_message(const std::string& text) {
  const Reading reading = read(text);
  if (!reading.diagnostics.has_errors()) return "";
  const Diagnostic& first = reading.diagnostics.all().front();
  return fmt::format("{}:{}: {}", first.place.line, first.place.column, first.message);
}

const std::string head = "weir: 1\nnodes:\n  a: {source: list}\n";

TEST(Guard, AgainstAnEmptyFile) {
  for (const char* text : {"", "\n \n", "# only a comment\n", "\xEF\xBB\xBF", "---\n", "...\n"}) {
    EXPECT_EQ(first_message(text),
              "1:1: the file is empty; it needs at least 'weir: 1' and 'nodes'")
        << text;
  }
}

TEST(Guard, AgainstMoreThanAMebibyte) {
  constexpr std::size_t mebibyte = std::size_t{1} << 20;
  EXPECT_EQ(first_message(head + repeat("#", mebibyte - head.size())), "");
  EXPECT_EQ(first_message(head + repeat("#", mebibyte - head.size() + 1)),
            "1:1: larger than 1 MiB (1048576 bytes), which is more than a pipeline file may have; "
            "read lists of items from a file of their own");
}

TEST(Guard, AgainstControlCharacters) {
  const std::string advice = " is not allowed; in a text in double quotes it can be written as ";
  EXPECT_EQ(first_message("weir: 1\nname: a\x01\n"),
            "2:8: the control character U+0001" + advice + "\\x01");
  EXPECT_EQ(first_message(std::string("weir: 1\0", 8)),
            "1:8: the control character U+0000" + advice + "\\x00");
  EXPECT_EQ(first_message("weir: 1\x04"), "1:8: the control character U+0004" + advice + "\\x04");
  EXPECT_EQ(first_message("weir: 1\x7f"), "1:8: the control character U+007F" + advice + "\\x7F");
  EXPECT_EQ(first_message("weir: 1\xC2\x9B"),
            "1:8: the control character U+009B" + advice + "\\x9B");
  EXPECT_EQ(first_message("weir: 1\r\ndescription: a\tb\r\nnodes: {a: {source: x}}\n"), "");
}

TEST(Guard, AgainstOtherEncodings) {
  EXPECT_EQ(first_message("weir: 1\nname: \xE4\n"),
            "2:7: not UTF-8; save the file in that encoding");
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80",
                          "\xE2\x82", "\xFF\xFE"}) {
    EXPECT_EQ(first_message(std::string("weir: 1 #") + bad),
              "1:10: not UTF-8; save the file in that encoding");
  }
}

TEST(Guard, AgainstDeepNesting) {
  const std::string message = "nested deeper than 64 levels";
  EXPECT_EQ(
      first_message(head + "  b: {source: x, y: " + repeat("[", 61) + repeat("]", 61) + "}\n"), "");
  EXPECT_EQ(
      first_message(head + "  b: {source: x, y: " + repeat("[", 62) + repeat("]", 62) + "}\n"),
      "4:82: " + message);
  for (const char* opening : {"[", "{", "- ", "? ", "[{a: ", "{? "}) {
    const std::string found = first_message(repeat(opening, 100'000));
    EXPECT_NE(found.find(message), std::string::npos) << opening << ": " << found;
  }
}

TEST(Guard, AgainstNestingByAliasesAndParameters) {
  std::string aliases = "weir: 1\nnodes:\n  a:\n    source: list\n    x0: &x0 [1]\n";
  std::string params = "weir: 1\nparams:\n  x0: [1]\n";
  for (int i = 1; i < 100; ++i) {
    aliases += fmt::format("    x{0}: &x{0} [*x{1}]\n", i, i - 1);
    params += fmt::format("  x{}: ['${{x{}}}']\n", i, i - 1);
  }
  EXPECT_EQ(first_message(aliases), "66:16: nested deeper than 64 levels");
  EXPECT_EQ(first_message(params + "nodes: {a: {source: list}}\n"),
            "67:10: nested deeper than 64 levels with the value of 'x63'");
}

TEST(Guard, AgainstAliasBombs) {
  std::string bomb = "weir: 1\nnodes:\n  a:\n    source: list\n    x0: &x0 [lol]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string ten = repeat(fmt::format("*x{} ,", i - 1), 10);
    bomb += fmt::format("    x{0}: &x{0} [{1}]\n", i, ten);
  }
  const std::string message =
      "the aliases of this file make it grow beyond all measure (100000 values or 16 MiB)";
  const Reading reading = read(bomb);
  ASSERT_EQ(reading.diagnostics.all().size(), 1U) << reading.rendered();
  EXPECT_EQ(reading.diagnostics.all().front().message, message);

  const std::string few_but_large = head + "  b: {source: list, x: &x " + repeat("y", 500'000) +
                                    ", z: [" + repeat("*x ,", 1000) + "]}\n";
  ASSERT_EQ(read(few_but_large).diagnostics.all().size(), 1U);
  EXPECT_EQ(read(few_but_large).diagnostics.all().front().message, message);
}

TEST(Guard, AllowsUsefulAliases) {
  const std::string text = "weir: 1\nnodes:\n  a: {source: list, x: &x {b: [1, 2]}}\n" +
                           std::string("  c: {source: list, x: *x, y: [") + repeat("*x ,", 1000) +
                           "]}\n";
  const Reading reading = read(text);
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.value("c", "y").items.at(999).find("b")->items.size(), 2U);
}

TEST(Guard, AgainstBombsOfParameters) {
  std::string texts = "weir: 1\nparams:\n  x0: lol\n";
  std::string lists = texts;
  for (int i = 1; i < 30; ++i) {
    texts += fmt::format("  x{}: '{}'\n", i, repeat(fmt::format("${{x{}}}", i - 1), 10));
    lists += fmt::format("  x{}: [{}]\n", i, repeat(fmt::format("'${{x{}}}', ", i - 1), 10));
  }
  const std::string nodes = "nodes: {a: {source: list}}\n";
  EXPECT_NE(first_message(texts + nodes).find("the text is longer than 1 MiB with this"),
            std::string::npos);
  EXPECT_NE(first_message(lists + nodes).find("grow beyond all measure"), std::string::npos);
}

TEST(Guard, AgainstDefaultsWithinDefaults) {
  const Reading reading =
      read("weir: 1\nnodes:\n  a: {source: '" + repeat("${a:-", 100'000) + "'}\n");
  EXPECT_EQ(reading.diagnostics.all().size(), 1U);
}

TEST(Guard, DoesNotStandInTheWayOfTenThousandNodes) {
  std::string text = "weir: 1\nnodes:\n  n0: {source: range, to: 10}\n";
  for (int i = 1; i < 10'000; ++i) {
    text += fmt::format(
        "  n{}: {{from: n{}, run: [echo, -n, \"${{{{ item }}}}\"], limit: 3, cwd: /tmp/x}}\n", i,
        i - 1);
  }
  const auto begin = std::chrono::steady_clock::now();
  const Reading reading = read(text);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(reading.rendered(), "");
  EXPECT_EQ(reading.pipeline.nodes.size(), 10'000U);
  // About 0.15 s; the bound is for a busy machine and a sanitizer.
  EXPECT_LT(taken.count(), 5.0);
}

TEST(Guard, TakesTimeInProportionToTheFile) {
  std::string wrong_names = "weir: 1\nnodes:\n";
  std::string cycles = wrong_names;
  for (int i = 0; i < 20'000; ++i) {
    wrong_names += fmt::format("  n{0}: {{from: m{0}, queue: q}}\n", i);
    cycles += fmt::format("  n{}: {{from: [n{}, n0], queue: q}}\n", i, i + 1);
  }
  const std::string one_line = "weir: 1\nnodes: {a: {source: '" + repeat("${b}", 100'000) + "'}}\n";
  for (const std::string& text : {wrong_names, cycles, one_line}) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(read(text).diagnostics.has_errors());
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    // Each is under 0.5 s; if one grew with the square it would be minutes.
    EXPECT_LT(taken.count(), 20.0) << text.substr(0, 80);
  }
}

}  // namespace
}  // namespace weir::spec
