#include "support.hpp"

namespace weir::compile {
namespace {

abi::NodeType type(abi::Kind kind, const std::string& name) {
  abi::NodeType type;
  type.kind = kind;
  type.name = name;
  return type;
}

abi::Table table(std::vector<abi::NodeType> types) { return {"test", std::move(types)}; }

abi::NodeType with_parameters(const std::vector<std::string>& names) {
  abi::NodeType node = type(abi::Kind::function, "work");
  for (const std::string& name : names) node.params.emplace_back().name = name;
  return node;
}

abi::NodeType with_ports(const std::vector<std::string>& names) {
  abi::NodeType node = type(abi::Kind::function, "work");
  for (const std::string& name : names) node.outputs.emplace_back().name = name;
  return node;
}

std::string error_of(abi::NodeType node) {
  Registry registry;
  return registry.add(table({std::move(node)}), "test").value_or("");
}

TEST(Registry, FindsTypesByKindAndName) {
  const Registry registry = full_registry();
  ASSERT_NE(registry.find(abi::Kind::source, "lines"), nullptr);
  EXPECT_EQ(registry.find(abi::Kind::source, "lines")->kind, abi::Kind::source);
  EXPECT_EQ(registry.find(abi::Kind::sink, "lines")->kind, abi::Kind::sink);
  EXPECT_EQ(registry.find(abi::Kind::queue, "lines"), nullptr);
  EXPECT_EQ(registry.kinds_of("lines"), (std::vector{abi::Kind::source, abi::Kind::sink}));
  EXPECT_EQ(registry.kinds_of("no such"), std::vector<abi::Kind>());
}

TEST(Registry, KnowsTheItemTypesOfPlugins) {
  const Registry registry = full_registry();
  ASSERT_NE(registry.item_type("image"), nullptr);
  EXPECT_NE(registry.item_type("record"), nullptr);
  EXPECT_EQ(registry.item_type("riddle"), nullptr);
}

TEST(Registry, LetsASourceAndASinkShareAName) {
  Registry registry;
  EXPECT_EQ(registry.add(table({type(abi::Kind::source, "x"), type(abi::Kind::sink, "x")}), "test"),
            std::nullopt);
}

TEST(Registry, RefusesANameThatIsTaken) {
  Registry registry;
  ASSERT_EQ(registry.add(table({type(abi::Kind::sink, "x")}), "built in"), std::nullopt);
  EXPECT_EQ(registry.add(table({type(abi::Kind::sink, "x")}), "/plugins/a.so"),
            "its sink 'x' clashes with the one that is built in; rename it");
  ASSERT_EQ(registry.add(table({type(abi::Kind::sink, "y")}), "/plugins/a.so"), std::nullopt);
  EXPECT_EQ(registry.add(table({type(abi::Kind::sink, "y")}), "/plugins/b.so"),
            "its sink 'y' clashes with the one that is in /plugins/a.so; rename it");
}

TEST(Registry, RefusesANameTwiceInATable) {
  Registry registry;
  EXPECT_EQ(registry.add(table({type(abi::Kind::sink, "x"), type(abi::Kind::sink, "x")}), "test"),
            "the sink 'x' is in it twice");
}

TEST(Registry, TakesAllOfATableOrNothing) {
  Registry registry;
  ASSERT_EQ(registry.add(table({type(abi::Kind::sink, "x")}), "built in"), std::nullopt);
  ASSERT_NE(registry.add(table({type(abi::Kind::sink, "new"), type(abi::Kind::sink, "x")}), "test"),
            std::nullopt);
  EXPECT_EQ(registry.find(abi::Kind::sink, "new"), nullptr);
  EXPECT_EQ(registry.entries().size(), 1U);
}

TEST(Registry, RefusesNamesThatNoFileCouldUse) {
  for (const char* name : {"", "1st", "two words", "a.b", "a:b", "größe", "-x"}) {
    EXPECT_EQ(error_of(type(abi::Kind::sink, name)), "the node type name '" + std::string(name) +
                                                         "' is not a name of letters, digits, '_' "
                                                         "and '-'");
  }
}

TEST(Registry, RefusesParametersThatAreKeysOfEveryNode) {
  for (const std::string name :
       {"from", "limit", "source", "sink", "function", "queue", "run", "shell", "retry", "timeout",
        "ordered", "on_failure", "throttle", "on_cancel", "", "a b"}) {
    EXPECT_EQ(error_of(with_parameters({name})),
              "node type 'work' can't have a parameter named '" + name + "'");
  }
}

TEST(Registry, RefusesParametersThatAreKeysOfWhatWaitsOrBlocks) {
  for (const std::string name : {"weight", "memory"}) {
    EXPECT_EQ(error_of(with_parameters({name})), "");
    for (const abi::Work work : {abi::Work::waits, abi::Work::blocks}) {
      abi::NodeType type = with_parameters({name});
      type.work = work;
      EXPECT_EQ(error_of(type), "the function 'work' can't have a parameter named '" + name +
                                    "': every function that waits or blocks has it");
      type.kind = abi::Kind::source;
      EXPECT_EQ(error_of(type), "");
    }
  }
}

TEST(Registry, RefusesAParameterTwice) {
  EXPECT_EQ(error_of(with_parameters({"a", "b", "a"})),
            "node type 'work' describes the parameter 'a' twice");
}

TEST(Registry, RefusesPortsThatCouldNotBeRead) {
  EXPECT_EQ(error_of(with_ports({"failed"})), "node type 'work' can't have a port named 'failed'");
  EXPECT_EQ(error_of(with_ports({"a.b"})), "node type 'work' can't have a port named 'a.b'");
  EXPECT_EQ(error_of(with_ports({"a", "a"})), "node type 'work' describes the port 'a' twice");
}

TEST(Registry, RefusesAnItemTypeOfAKnownNameAndAnotherLayout) {
  abi::TypeInfo small = abi::type_info<std::int64_t>;
  small.name = "image";
  abi::TypeInfo large = abi::type_info<std::string_view>;
  large.name = "image";
  abi::NodeType first = type(abi::Kind::sink, "first");
  first.input = &small;
  abi::NodeType second = type(abi::Kind::sink, "second");
  second.input = &large;
  Registry registry;
  ASSERT_EQ(registry.add(table({first}), "first.so"), std::nullopt);
  EXPECT_EQ(registry.add(table({second}), "second.so"),
            "its item type 'image' has another layout than the one of that name that is known "
            "already");
  EXPECT_EQ(registry.find(abi::Kind::sink, "second"), nullptr);
}

}  // namespace
}  // namespace weir::compile
