#include "spec/scalar.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace weir::spec {
namespace {

using ValueKind = Value::Kind;

TEST(Scalar, NothingAndTheWordsForItAreNull) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::null) << text;
  }
  for (const char* text : {"nULL", "nil", "none", "~~", " "}) {
    EXPECT_EQ(classify(text).kind, ValueKind::text) << text;
  }
}

TEST(Scalar, OnlyTrueAndFalseAreBools) {
  for (const char* text : {"true", "True", "TRUE"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::boolean) << text;
    EXPECT_TRUE(classify(text).boolean) << text;
  }
  for (const char* text : {"false", "False", "FALSE"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::boolean) << text;
    EXPECT_FALSE(classify(text).boolean) << text;
  }
  for (const char* text : {"yes", "no", "on", "off", "y", "n", "Yes", "ON", "tRUE"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::text) << text;
  }
}

TEST(Scalar, IntsAreDecimalOctalOrHexadecimal) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"0", 0},
      {"-0", 0},
      {"42", 42},
      {"+42", 42},
      {"-17", -17},
      {"010", 10},
      {"0o10", 8},
      {"0o777", 511},
      {"0xFf", 255},
      {"0x0", 0},
      {"00", 0},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(classify(text).kind, ValueKind::integer) << text;
    EXPECT_EQ(classify(text).integer, expected) << text;
    EXPECT_EQ(classify(text).number, static_cast<double>(expected)) << text;
  }
  for (const char* text : {"0o", "0x", "0o8", "0xg", "-0x1", "+0o1", "1_000", "0b1", "+", "-",
                           "--1", "1 2", "12:30", "0O7", "0X1"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::text) << text;
  }
}

TEST(Scalar, IntsThatDoNotFitAreSaidToBe) {
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "0x8000000000000000",
                           "0o1000000000000000000000"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::integer) << text;
    EXPECT_TRUE(classify(text).out_of_range) << text;
  }
}

TEST(Scalar, FloatsMayHaveAPointOrAnExponent) {
  const std::pair<const char*, double> cases[] = {
      {"1.5", 1.5},  {"-0.25", -0.25}, {".5", 0.5},    {"5.", 5.0},
      {"+1.0", 1.0}, {"1e3", 1000.0},  {"1E-2", 0.01}, {"-.5e+1", -5.0},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(classify(text).kind, ValueKind::number) << text;
    EXPECT_EQ(classify(text).number, expected) << text;
  }
  for (const char* text : {".", "-.", "1e", "1e+", "e1", "1.2.3", "127.0.0.1", "1.5s", "inf", "nan",
                           "0x1p3", "1,5", ".e1"}) {
    EXPECT_EQ(classify(text).kind, ValueKind::text) << text;
  }
  EXPECT_TRUE(classify("1e999").out_of_range);
}

TEST(Scalar, InfinityAndNotANumberHaveADot) {
  for (const char* text : {".inf", ".Inf", ".INF", "+.inf"}) {
    EXPECT_EQ(classify(text).number, std::numeric_limits<double>::infinity()) << text;
  }
  EXPECT_EQ(classify("-.inf").number, -std::numeric_limits<double>::infinity());
  for (const char* text : {".nan", ".NaN", ".NAN"}) EXPECT_TRUE(std::isnan(classify(text).number));
  EXPECT_EQ(classify("-.nan").kind, ValueKind::text);
}

TEST(Scalar, KeepsItsTextAsItWasWritten) {
  Value value;
  EXPECT_TRUE(set_scalar(value, "0.10"));
  EXPECT_EQ(value.kind, ValueKind::number);
  EXPECT_EQ(value.text, "0.10");
  EXPECT_FALSE(set_scalar(value, "99999999999999999999"));
  EXPECT_EQ(value.kind, ValueKind::text);
}

}  // namespace
}  // namespace weir::spec
