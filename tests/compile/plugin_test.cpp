#include "compile/plugin.hpp"

#include "support.hpp"

namespace weir::compile {
namespace {

namespace fs = std::filesystem;

// What can't be loaded, and what is said of it: tests/plugins.

TEST(LoadPlugin, AddsItsNodes) {
  Registry registry;
  EXPECT_EQ(load_plugin(WEIR_PROBE, ".", registry), std::nullopt);
  ASSERT_NE(registry.find(abi::Kind::function, "total"), nullptr);
  EXPECT_EQ(registry.entries().front()->origin, fs::canonical(WEIR_PROBE));
}

TEST(LoadPlugin, LoadsAPluginOnce) {
  Registry registry;
  EXPECT_EQ(load_plugin(WEIR_PROBE, ".", registry), std::nullopt);
  const std::size_t count = registry.entries().size();
  EXPECT_EQ(load_plugin(WEIR_PROBE, "/", registry), std::nullopt);
  EXPECT_EQ(registry.entries().size(), count);
}

TEST(LoadPlugin, FollowsLinks) {
  const TemporaryFolder folder;
  fs::create_symlink(WEIR_PROBE, folder.path() + "/link.so");
  Registry registry;
  EXPECT_EQ(load_plugin("./link.so", folder.path(), registry), std::nullopt);
  EXPECT_EQ(load_plugin(WEIR_PROBE, ".", registry), std::nullopt) << "the same one";
}

TEST(LoadPlugin, CountsARelativePathFromItsBase) {
  Registry registry;
  const fs::path probe = WEIR_PROBE;
  EXPECT_EQ(load_plugin("./" + probe.filename().string(), probe.parent_path(), registry),
            std::nullopt);
}

TEST(LoadPlugin, RefusesANodeWhoseNameIsTaken) {
  Registry registry;
  ASSERT_EQ(load_plugin(WEIR_PROBE, ".", registry), std::nullopt);
  const TemporaryFolder folder;
  const std::string copy = folder.write("copy.so", read_bytes(WEIR_PROBE));
  EXPECT_EQ(load_plugin(copy, ".", registry),
            "plugin '" + copy + "': its function 'total' clashes with the one that is in " +
                fs::canonical(WEIR_PROBE).string() + "; rename it");
}

}  // namespace
}  // namespace weir::compile
