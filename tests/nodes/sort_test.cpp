#include "nodes/aggregate/sort.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <sys/resource.h>

#include "support.hpp"

namespace weir::test {
namespace {

using nodes::Sort;

Texts sorted(std::initializer_list<testing::Parameter> parameters, const Texts& items) {
  NodeUnderTest<Sort> node(parameters);
  node.give_all(items);
  return everything<std::string>(node);
}

TEST(Sort, ByteByByte) {
  const Texts items = {"b", "", "a\xFF", "a", std::string("a\0", 2), "B", "10", "9", "ab"};
  Texts expected = items;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted({}, items), expected);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(sorted({{"descending", true}}, items), expected);
}

TEST(Sort, NumbersByTheirValues) {
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
  Ints items = {
      10, 9, -1, kLargest, 0, kLargest - 1, kSmallest, kSmallest + 1, 1LL << 53, (1LL << 53) + 1};
  NodeUnderTest<Sort> node;
  node.give_all(items);
  std::sort(items.begin(), items.end());
  EXPECT_EQ(node.take(100).out<std::int64_t>(), items);

  NodeUnderTest<Sort> floats;
  const auto given =
      floats.give(0.5, -0.5, 1e300, std::nan(""), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(given.failed(), 1u);
  EXPECT_EQ(floats.take(100).texts(), (Texts{"-inf", "-0.5", "0.5", "1e+300"}));
}

TEST(Sort, MixedTypes) {
  NodeUnderTest<Sort> node;
  node.give("b", "1");
  node.give(10, 2);
  node.give(2.5);
  node.give(true);
  node.give(Record{{"a", 1}});
  EXPECT_EQ(node.take(100).texts(), (Texts{"2", "2.5", "10", "1", "b", "true", R"({"a":1})"}));
}

TEST(Sort, TextsAsNumbers) {
  NodeUnderTest<Sort> node({{"numeric", true}});
  const auto given = node.give("10", "9", "x", "-1", "9.5", "+9", "9223372036854775807",
                               "9223372036854775806", "1e999");
  EXPECT_EQ(given.failed(), 2u);
  EXPECT_EQ(given.failures()[0].failure.error, "'x' is no number");
  EXPECT_EQ(node.take(100).texts(),
            (Texts{"-1", "9", "+9", "9.5", "10", "9223372036854775806", "9223372036854775807"}));
}

TEST(Sort, ByAPart) {
  const auto record = [](int k, const char* v) { return Record{{"k", k}, {"v", v}}; };
  NodeUnderTest<Sort> node({{"by", "${{ item.k }}"}, {"numeric", true}, {"descending", true}});
  const auto given = node.give(record(9, "a"), record(10, "b"), Record{{"v", 1}}, record(9, "c"));
  EXPECT_EQ(given.failed(), 1u);
  EXPECT_EQ(node.take(100).texts(),
            (Texts{R"({"k":10,"v":"b"})", R"({"k":9,"v":"a"})", R"({"k":9,"v":"c"})"}));
}

TEST(Sort, RecordsComeOutAsTheyWentIn) {
  Record record = {{"int", -5},
                   {"large", std::numeric_limits<std::uint64_t>::max()},
                   {"float", 0.1},
                   {"nan", std::nan("")},
                   {"bytes", all_bytes()},
                   {"list", {1, nullptr, true, Record::object()}}};
  NodeUnderTest<Sort> node;
  node.give(record);
  const Record out = node.take(10).out<Record>().at(0);
  EXPECT_TRUE(std::isnan(out.at("nan").get<double>()));
  EXPECT_EQ(out.dump(-1, ' ', false, Record::error_handler_t::ignore),
            record.dump(-1, ' ', false, Record::error_handler_t::ignore));
  EXPECT_EQ(out.at("bytes"), record.at("bytes"));
}

TEST(Sort, Unique) {
  EXPECT_EQ(sorted({{"unique", true}}, Texts{"b", "a", "b", "", "a", ""}), (Texts{"", "a", "b"}));
  EXPECT_EQ(sorted({{"unique", true}, {"numeric", true}}, Texts{"2", "1.0", "1", "02"}),
            (Texts{"1.0", "2"}));
}

TEST(Sort, OfNothingNothing) { EXPECT_EQ(sorted({}, Texts{}), Texts{}); }

/// Far more than it may hold: dozens of runs, merged in several passes, as 64 KiB is room for the
/// buffers of four.
TEST(Sort, MoreThanFitsInMemory) {
  std::mt19937 random(6);
  Texts items;
  for (int i = 0; i < 100'000; ++i) {
    items.push_back(random_text(random, i % 1000 == 0 ? 20'000 : 12, "abc"));
  }
  Texts expected = items;
  std::stable_sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted({{"memory", "64KiB"}}, items), expected);
  EXPECT_EQ(sorted({{"memory", "1MiB"}}, items), expected);
  Texts unique = expected;
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  EXPECT_EQ(sorted({{"memory", "64KiB"}, {"unique", true}}, items), unique);
  std::reverse(expected.begin(), expected.end());
  EXPECT_EQ(sorted({{"memory", "64KiB"}, {"descending", true}}, items), expected);
}

TEST(Sort, StaysStableInFiles) {
  for (const bool descending : {false, true}) {
    std::vector<Record> items;
    std::mt19937 random(7);
    for (int i = 0; i < 20'000; ++i) items.push_back(Record{{"k", random() % 5}, {"i", i}});
    NodeUnderTest<Sort> node(
        {{"by", "${{ item.k }}"}, {"memory", "64KiB"}, {"descending", descending}});
    node.give_all(items);
    const auto out = everything<Record>(node);
    std::stable_sort(items.begin(), items.end(), [&](const Record& a, const Record& b) {
      return descending ? a.at("k") > b.at("k") : a.at("k") < b.at("k");
    });
    EXPECT_EQ(out, items);
  }
}

TEST(Sort, ItemsLargerThanTheMemory) {
  Texts items;
  for (int i = 20; i-- > 0;) items.push_back(std::string(200'000, static_cast<char>('a' + i)));
  items.push_back("small");
  Texts expected = items;
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted({{"memory", "64KiB"}}, items), expected);
}

/// Sets an environment variable for a while.
struct Variable {
  Variable(const char* name_, const char* value) : name(name_) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name); }
  const char* name;
};

TEST(Sort, ATemporaryFolderThatIsNotThere) {
  const Variable folder("TMPDIR", "/nowhere");
  NodeUnderTest<Sort> node({{"memory", "64KiB"}});
  const auto given = node.give_all(Texts(10'000, "some text"));
  EXPECT_EQ(given.failed(), 0u);
  EXPECT_TRUE(node.host().has_enough());
  EXPECT_EQ(node.take(10).texts(), Texts{});
  try {
    node.finish();
    FAIL() << "items are lost in silence";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "can't make a temporary file in '/nowhere': No such file or directory");
  }
}

TEST(Sort, ADiskThatIsFull) {
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{std::size_t{300} << 10, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  NodeUnderTest<Sort> node({{"memory", "64KiB"}});
  node.give_all(Texts(100'000, "some text"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  EXPECT_EQ(node.take(10).texts(), Texts{});
  try {
    node.finish();
    FAIL() << "items are lost in silence";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("File too large"), std::string::npos);
  }
}

TEST(Sort, RefusesTypesThatItCannotKeep) {
  NodeUnderTest<Sort> node;
  EXPECT_EQ(node.instance().output_type("text"), "");
  EXPECT_EQ(node.instance().output_type(nullptr), "");
  EXPECT_NE(node.instance().output_type("image").find("items of type 'image' can't be"),
            std::string::npos);
  EXPECT_NE(wrong<Sort>({{"memory", "1KiB"}}), "");
}

}  // namespace
}  // namespace weir::test
