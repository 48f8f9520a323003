#include "compile/plugin.hpp"

#include "support.hpp"

namespace weir::compile {
namespace {

namespace fs = std::filesystem;

std::string error_of(const std::string& path, const std::string& base = ".") {
  Registry registry;
  return load_plugin(path, base, registry).value_or("");
}

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

TEST(LoadPlugin, WantsAFolder) {
  EXPECT_EQ(error_of("probe.so"),
            "plugin 'probe.so': say in which folder it is: './probe.so' or '/…/probe.so'");
}

TEST(LoadPlugin, NamesAFileThatIsMissing) {
  EXPECT_EQ(error_of("./nowhere.so"), "plugin './nowhere.so': No such file or directory");
  EXPECT_EQ(error_of("./nowhere.so", "/usr"),
            "plugin '/usr/./nowhere.so': No such file or directory");
}

TEST(LoadPlugin, RefusesWhatIsNoPlugin) {
  const TemporaryFolder folder;
  const std::string path = folder.write("text.so", "text");
  EXPECT_EQ(error_of(path), "plugin '" + path + "': it is not a shared library");
  EXPECT_NE(error_of(folder.path()).find("plugin '" + folder.path() + "': it is "),
            std::string::npos)
      << error_of(folder.path());
}

TEST(LoadPlugin, RefusesAnotherAbi) {
  const TemporaryFolder folder;
  std::string bytes = read_bytes(WEIR_PROBE);
  const std::string stamp = "weir-plugin abi=";
  for (std::size_t at = bytes.find(stamp); at != std::string::npos;
       at = bytes.find(stamp, at + 1)) {
    bytes[at + stamp.size()] = '9';
  }
  const std::string path = folder.write("old.so", bytes);
  EXPECT_EQ(error_of(path), "plugin '" + path +
                                "': it was built for another weir (abi is 1 here and 9 in the "
                                "plugin); build it again with this one's headers");
}

TEST(LoadPlugin, NamesASymbolThatNobodyHas) {
  const std::string error = error_of(WEIR_UNRESOLVED);
  EXPECT_NE(error.find("': it can't be loaded: undefined symbol: weir_test_nobody_has_this"),
            std::string::npos)
      << error;
}

TEST(LoadPlugin, SaysWhyItsNodesCannotDescribeThemselves) {
  const std::string error = error_of(WEIR_UNDESCRIBED);
  EXPECT_TRUE(error.ends_with("': its nodes can't describe themselves: node 'many' has a fault"))
      << error;
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
