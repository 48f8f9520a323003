/// `params:` and `--set`.

#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

using ValueKind = Value::Kind;
using Settings = std::vector<std::pair<std::string, std::string>>;

Reading read_params(const std::string& params, Settings settings = {}) {
  return read("weir: 1\nparams:\n" + params + "nodes:\n  a: {source: list}\n",
              {std::move(settings), {}});
}

Value param(const Reading& reading, const std::string& name) {
  EXPECT_EQ(reading.rendered(), "");
  for (const Parameter& parameter : reading.pipeline.parameters) {
    if (parameter.name == name) return parameter.value;
  }
  ADD_FAILURE() << "no parameter " << name;
  return {};
}

TEST(Params, MayUseEachOtherInAnyOrder) {
  const Reading reading =
      read_params("  a: ${b}1\n  b: ${c}\n  c: 4\n  d: '${e}!'\n  e: ${env.F:-9}\n");
  EXPECT_EQ(param(reading, "a").integer, 41);
  EXPECT_EQ(param(reading, "b").integer, 4);
  EXPECT_EQ(param(reading, "d").text, "9!");
}

TEST(Params, StayInTheOrderOfTheFile) {
  const Reading reading = read_params("  z: ${a}\n  a: 1\n  m: 2\n");
  ASSERT_EQ(reading.pipeline.parameters.size(), 3U);
  EXPECT_EQ(reading.pipeline.parameters[0].name, "z");
  EXPECT_EQ(reading.pipeline.parameters[1].name, "a");
  EXPECT_EQ(reading.pipeline.parameters[2].name, "m");
}

TEST(Params, MayBeAnEmptyKey) {
  EXPECT_EQ(read("weir: 1\nparams:\nnodes:\n  a: {source: list}\n").rendered(), "");
}

TEST(Params, InALongChainNeedNoStack) {
  std::string params;
  for (int i = 0; i < 20'000; ++i) {
    params += "  p" + std::to_string(i) + ": ${p" + std::to_string(i + 1) + "}\n";
  }
  EXPECT_EQ(param(read_params(params + "  p20000: 5\n"), "p0").integer, 5);
}

TEST(Setting, OfATextIsTakenAsItIs) {
  EXPECT_EQ(param(read_params("  a: x\n", {{"a", "010"}}), "a").kind, ValueKind::text);
  EXPECT_EQ(param(read_params("  a: ''\n", {{"a", "[1]"}}), "a").text, "[1]");
  EXPECT_EQ(param(read_params("  a: x\n", {{"a", ""}}), "a").kind, ValueKind::text);
  EXPECT_EQ(param(read_params("  a: x\n", {{"a", "${b} $$ ${{ item }}"}}), "a").text,
            "${b} $$ ${{ item }}");
}

TEST(Setting, TakesTheDefaultsType) {
  EXPECT_EQ(param(read_params("  a: 1\n", {{"a", "0x10"}}), "a").integer, 16);
  EXPECT_EQ(param(read_params("  a: true\n", {{"a", "false"}}), "a").kind, ValueKind::boolean);
  const Value ratio = param(read_params("  a: 0.5\n", {{"a", "2"}}), "a");
  EXPECT_EQ(ratio.kind, ValueKind::number);
  EXPECT_EQ(ratio.number, 2.0);
}

TEST(Setting, OfAListOrMapIsYaml) {
  const Value list = param(read_params("  a: [x]\n", {{"a", "[1, 'b', {c: '${d}'}]"}}), "a");
  ASSERT_EQ(list.items.size(), 3U);
  EXPECT_EQ(list.items[0].integer, 1);
  EXPECT_EQ(list.items[2].find("c")->text, "${d}");
  EXPECT_EQ(param(read_params("  a: {}\n", {{"a", "{b: 1}"}}), "a").find("b")->integer, 1);
}

TEST(Setting, OfNothingIsReadAsAScalar) {
  EXPECT_EQ(param(read_params("  a:\n", {{"a", "5"}}), "a").integer, 5);
  EXPECT_EQ(param(read_params("  a: ~\n", {{"a", "five"}}), "a").text, "five");
  EXPECT_EQ(param(read_params("  a: ~\n", {{"a", "null"}}), "a").kind, ValueKind::null);
}

TEST(Setting, TakesTheTypeOfADefaultThatUsesOthers) {
  EXPECT_EQ(param(read_params("  a: ${env.A:-here}\n", {{"a", "5"}}), "a").kind, ValueKind::text);
  EXPECT_EQ(param(read_params("  a: ${b}\n  b: x\n", {{"a", "5"}}), "a").kind, ValueKind::text);
  EXPECT_EQ(param(read_params("  a: ${b}\n  b: 1\n", {{"a", "5"}}), "a").kind, ValueKind::integer);
  EXPECT_EQ(param(read_params("  a: \"${b}/c\"\n  b: 1\n", {{"a", "5"}}), "a").kind,
            ValueKind::text);
}

TEST(Setting, IsWhatTheOthersSee) {
  EXPECT_EQ(param(read_params("  a: ${b}\n  b: 1\n", {{"b", "5"}}), "a").integer, 5);
}

TEST(Setting, ReplacesADefaultThatCannotBeResolved) {
  EXPECT_EQ(param(read_params("  a: ${env.A}\n", {{"a", "x"}}), "a").text, "x");
  EXPECT_EQ(param(read_params("  a: ${b}\n  b: ${a}\n", {{"a", "5"}}), "b").integer, 5);
}

TEST(Setting, LastOfANameCounts) {
  EXPECT_EQ(param(read_params("  a: 1\n", {{"a", "2"}, {"a", "3"}}), "a").integer, 3);
}

TEST(Setting, OfAnEarlierRunGivesWayToOneOfThisRun) {
  const Reading reading =
      read("weir: 1\nparams: {a: 1, b: 2}\nnodes:\n  a: {source: list}\n",
           {.settings = {{"a", "5"}}, .kept_settings = {{"a", "3"}, {"b", "4"}}});
  EXPECT_EQ(param(reading, "a").integer, 5);
  EXPECT_EQ(param(reading, "b").integer, 4);
}

TEST(Setting, OfAnEarlierRunMayHaveLostItsParameter) {
  const Reading reading =
      read("weir: 1\nnodes:\n  a: {source: list}\n", {.kept_settings = {{"pushes", "3"}}});
  EXPECT_FALSE(reading.diagnostics.has_errors());
  EXPECT_EQ(reading.rendered(),
            "test.yaml: warning: the run was begun with --set pushes=3, but there is no parameter "
            "'pushes' any more\n");
}

TEST(Setting, MustBeUtf8) {
  EXPECT_EQ(read_params("  a: x\n", {{"a", "\xff"}}).rendered(),
            "weir: error: --set a=\\xff: not UTF-8\n");
}

}  // namespace
}  // namespace weir::spec
