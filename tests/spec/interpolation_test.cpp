/// `${…}`, `$$` and `${{ … }}`.

#include <gtest/gtest.h>

#include "read.hpp"

namespace weir::spec {
namespace {

using ValueKind = Value::Kind;
using Holes = std::vector<Value::Hole>;

/// The value of `x: TEXT` of a node, with some parameters and variables.
Value resolve(const std::string& text, const std::string& name = "some/where/test.yaml") {
  ReadOptions options;
  options.environment = {{"HOST", "here"}, {"N", "7"}, {"EMPTY", ""}, {"TRAP", "${n} ${{ item }}"}};
  options.settings = {{"given", "${n} ${{ item }} $$"}};
  const Reading reading = read(
      "weir: 1\n"
      "params:\n"
      "  n: 3\n"
      "  ratio: 0.10\n"
      "  yes: true\n"
      "  word: \"3\"\n"
      "  nothing: ${env.NOTHING:-}\n"
      "  list: [1, a]\n"
      "  map: {a: [b]}\n"
      "  open: \"<${{ item.a }}>\"\n"
      "  given: text\n"
      "nodes:\n"
      "  a:\n"
      "    source: list\n"
      "    x: " +
          text + "\n",
      options, name);
  EXPECT_EQ(reading.rendered(), "");
  return reading.value("a", "x");
}

void expect_text(const std::string& text, const std::string& expected) {
  const Value value = resolve(text);
  EXPECT_EQ(value.kind, ValueKind::text) << text;
  EXPECT_EQ(value.text, expected) << text;
}

TEST(Interpolation, OfAWholeScalarKeepsTheParametersType) {
  EXPECT_EQ(resolve("${n}").kind, ValueKind::integer);
  EXPECT_EQ(resolve("${n}").integer, 3);
  EXPECT_EQ(resolve("${ratio}").kind, ValueKind::number);
  EXPECT_EQ(resolve("${ratio}").text, "0.10");
  EXPECT_EQ(resolve("${yes}").kind, ValueKind::boolean);
  EXPECT_EQ(resolve("${nothing}").kind, ValueKind::null);
  EXPECT_EQ(resolve("${list}").items.size(), 2U);
  EXPECT_EQ(resolve("${map}").find("a")->items.at(0).text, "b");
}

TEST(Interpolation, OfAWholeScalarKeepsItInQuotesToo) {
  EXPECT_EQ(resolve("\"${n}\"").kind, ValueKind::integer);
  EXPECT_EQ(resolve("'${list}'").kind, ValueKind::list);
}

TEST(Interpolation, OfATextParameterIsATextWhateverItLooksLike) { expect_text("${word}", "3"); }

TEST(Interpolation, ReadsAnUnquotedMixtureAsAScalar) {
  EXPECT_EQ(resolve("${n}${word}").integer, 33);
  EXPECT_EQ(resolve("${env.N}").integer, 7);
  EXPECT_EQ(resolve("${env.M:-5}").integer, 5);
  EXPECT_EQ(resolve("${env.M:-}").kind, ValueKind::null);
  expect_text("${n}a", "3a");
  expect_text("${env.HOST}:${n}", "here:3");
}

TEST(Interpolation, LeavesAQuotedMixtureAText) {
  expect_text("\"${n}${word}\"", "33");
  expect_text("'${env.N}'", "7");
  expect_text("\"${env.M:-5}\"", "5");
  expect_text("\"${env.M:-}\"", "");
}

TEST(Interpolation, TakesTheDefaultForWhatIsNotThereOrNull) {
  EXPECT_EQ(resolve("${nothing:-4}").integer, 4);
  EXPECT_EQ(resolve("${env.NOTHING:-4}").integer, 4);
  EXPECT_EQ(resolve("${n:-4}").integer, 3);
  EXPECT_EQ(resolve("${list:-4}").kind, ValueKind::list);
}

TEST(Interpolation, TakesTheDefaultForAnEmptyVariable) {
  expect_text("\"<${env.EMPTY}>\"", "<>");
  expect_text("${env.EMPTY}", "");
  expect_text("\"${env.EMPTY}\"", "");
  expect_text("\"<${env.EMPTY:-full}>\"", "<full>");
}

TEST(Interpolation, ResolvesDefaultsToo) {
  EXPECT_EQ(resolve("${nothing:-${list}}").kind, ValueKind::list);
  expect_text("\"${nothing:-a ${env.M:-b ${n}} c}\"", "a b 3 c");
}

TEST(Interpolation, KnowsTheFilesFolder) {
  EXPECT_EQ(resolve("${weir.dir}/x").text, "some/where/x");
  EXPECT_EQ(resolve("${weir.dir}", "test.yaml").text, ".");
  EXPECT_EQ(resolve("${weir.dir}", "12/test.yaml").kind, ValueKind::text);
  EXPECT_EQ(resolve("${weir.dir}", "/test.yaml").text, "/");
}

TEST(Interpolation, LeavesOtherDollarsAlone) {
  expect_text("\"$IMG $1 $(date) $\"", "$IMG $1 $(date) $");
  expect_text("'a $'", "a $");
}

TEST(Interpolation, MakesOneOfTwoDollars) {
  expect_text("$$", "$");
  expect_text("$${n}", "${n}");
  expect_text("'$$$$'", "$$");
  expect_text("'$$${n}'", "$3");
}

TEST(Interpolation, HappensOnceOnly) {
  expect_text("${env.TRAP}", "${n} ${{ item }}");
  expect_text("'${given}!'", "${n} ${{ item }} $$!");
}

TEST(Interpolation, ReachesEveryScalarOfAValue) {
  const Value value = resolve("{a: ['${n}', {b: '${env.HOST}'}]}");
  EXPECT_EQ(value.find("a")->items.at(0).integer, 3);
  EXPECT_EQ(value.find("a")->items.at(1).find("b")->text, "here");
}

TEST(Interpolation, PutsAWholeValueAtThePlaceOfItsUse) {
  EXPECT_EQ(resolve("${n}").place, (Place{15, 8, 4}));
  EXPECT_EQ(resolve("'${list}'").place, (Place{15, 8, 9}));
}

TEST(Hole, StaysInTheTextAndIsRecorded) {
  const Value value = resolve("\"a ${{ item }} b ${{item.x}}\"");
  EXPECT_EQ(value.text, "a ${{ item }} b ${{item.x}}");
  EXPECT_EQ(value.holes, (Holes{{2, 13}, {16, 27}}));
}

TEST(Hole, MakesAnUnquotedScalarAText) {
  EXPECT_EQ(resolve("${{ item }}").kind, ValueKind::text);
  EXPECT_EQ(resolve("${{ item }}").holes, (Holes{{0, 11}}));
}

TEST(Hole, MovesWithTheTextBeforeIt) {
  const Value value = resolve("'${env.HOST}${{ item }}${n}${{ item }}'");
  EXPECT_EQ(value.text, "here${{ item }}3${{ item }}");
  EXPECT_EQ(value.holes, (Holes{{4, 15}, {16, 27}}));
}

TEST(Hole, OfAParameterComesAlong) {
  EXPECT_EQ(resolve("${open}").holes, (Holes{{1, 14}}));
  const Value value = resolve("'a${open}${open}'");
  EXPECT_EQ(value.text, "a<${{ item.a }}><${{ item.a }}>");
  EXPECT_EQ(value.holes, (Holes{{2, 15}, {17, 30}}));
}

TEST(Hole, OfADefaultIsTheAuthorsToo) {
  EXPECT_EQ(resolve("'${nothing:-${{ item }}}'").holes, (Holes{{0, 11}}));
}

TEST(Hole, IsNeverMadeByAVariableOrASetting) {
  EXPECT_EQ(resolve("${env.TRAP}").holes, Holes{});
  EXPECT_EQ(resolve("${given}").holes, Holes{});
  EXPECT_EQ(resolve("'${given}${{ item }}'").holes, (Holes{{19, 30}}));
}

TEST(Hole, IsNotMadeByPiecesEither) {
  const Value value = resolve("'$${{ item }} $${${n}{ item }}'");
  EXPECT_EQ(value.text, "${{ item }} ${3{ item }}");
  EXPECT_EQ(value.holes, Holes{});
}

}  // namespace
}  // namespace weir::spec
