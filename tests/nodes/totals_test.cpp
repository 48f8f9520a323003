// How many items sources say that they will give.

#include <limits>
#include <map>
#include <memory>

#include "nodes/builtin.hpp"
#include "support.hpp"

namespace weir::test {
namespace {

Value number(std::int64_t integer) {
  Value value;
  value.kind = Value::Kind::integer;
  value.integer = integer;
  value.text = std::to_string(integer);
  return value;
}

/// Of a built-in source with these parameters, before it is started.
std::optional<std::int64_t> total_of(const std::string& type,
                                     const std::map<std::string, Value>& parameters) {
  for (const abi::Table& table : nodes::builtin()) {
    for (const abi::NodeType& of : table.types) {
      if (of.name != type) continue;
      const std::unique_ptr<abi::Instance> instance(of.create());
      for (const abi::ParamSpec& param : of.params) {
        const auto given = parameters.find(param.name);
        if (given != parameters.end()) {
          EXPECT_FALSE(param.set(instance->node(), given->second)) << param.name;
        }
      }
      return instance->total();
    }
  }
  throw std::out_of_range(type);
}

std::optional<std::int64_t> total_of_range(std::int64_t start, std::int64_t to, std::int64_t step) {
  return total_of("range", {{"start", number(start)}, {"to", number(to)}, {"step", number(step)}});
}

TEST(Totals, OfARangeAreItsNumbers) {
  EXPECT_EQ(total_of_range(1, 8, 1), 8);
  EXPECT_EQ(total_of_range(1, 8, 3), 3);
  EXPECT_EQ(total_of_range(1, 7, 3), 3);
  EXPECT_EQ(total_of_range(5, 5, 9), 1);
  EXPECT_EQ(total_of_range(8, 1, -3), 3);
  EXPECT_EQ(total_of_range(1, 0, 1), 0);
  EXPECT_EQ(total_of_range(0, 1, -1), 0);
}

TEST(Totals, OfAVeryLongRangeAreRightOrNotKnown) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(total_of_range(kLeast, kMost, 1), std::nullopt);
  EXPECT_EQ(total_of_range(1, kMost, 1), kMost);
  EXPECT_EQ(total_of_range(kMost, kLeast, kLeast), 2);
}

TEST(Totals, OfAListAreItsItems) {
  Value items;
  items.kind = Value::Kind::list;
  items.items = {number(3), number(1), number(2)};
  EXPECT_EQ(total_of("list", {{"items", items}}), 3);
}

TEST(Totals, OfWhatHasToBeReadAreNotKnown) {
  Value path;
  path.kind = Value::Kind::text;
  path.text = "-";
  EXPECT_EQ(total_of("lines", {{"path", path}}), std::nullopt);
}

}  // namespace
}  // namespace weir::test
