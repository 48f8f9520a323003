/// Reading files from the disk.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "spec/pipeline.hpp"

namespace weir::spec {
namespace {

class Source : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "weir-source-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& text) {
    const std::string path = (folder_ / "file.yaml").string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(Source, IsTheFilesBytes) {
  Diagnostics diagnostics;
  const std::string path = write(std::string("a\r\n\0b", 5));
  const SourceText source = read_source(path, diagnostics);
  EXPECT_TRUE(diagnostics.all().empty());
  EXPECT_EQ(source.name, path);
  EXPECT_EQ(source.text, std::string("a\r\n\0b", 5));
}

TEST_F(Source, ThatIsNotThereIsOneError) {
  Diagnostics diagnostics;
  const SourceText source = read_source("no/such.yaml", diagnostics);
  read_pipeline(source, {}, diagnostics);
  EXPECT_EQ(diagnostics.render(source),
            "no/such.yaml: error: can't be read: No such file or directory\n");
}

TEST_F(Source, ThatIsAFolderIsOneError) {
  Diagnostics diagnostics;
  SourceText source = read_source(folder_.string(), diagnostics);
  read_pipeline(source, {}, diagnostics);
  source.name = "folder";
  EXPECT_EQ(diagnostics.render(source), "folder: error: can't be read: Is a directory\n");
}

TEST_F(Source, ThatNeverEndsIsTooLarge) {
  Diagnostics diagnostics;
  const SourceText source = read_source("/dev/zero", diagnostics);
  read_pipeline(source, {}, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all().front().message.rfind("larger than 1 MiB", 0), 0U);
}

TEST(ProcessEnvironment, IsTheProcesss) {
  ASSERT_EQ(setenv("WEIR_SPEC_TEST", "a=b", 1), 0);
  EXPECT_EQ(process_environment().at("WEIR_SPEC_TEST"), "a=b");
}

}  // namespace
}  // namespace weir::spec
