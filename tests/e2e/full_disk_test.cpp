#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Runs that have too little room on their disk, which is 1 MiB of memory mounted at `disk`.
class FullDisk : public EndToEnd {
 protected:
  void SetUp() override {
    ::mkdir(disk.c_str(), 0700);
    is_mounted = mount(0, "size=1m");
    if (!is_mounted) GTEST_SKIP() << "a disk of 1 MiB can't be mounted: " << std::strerror(errno);
  }
  void TearDown() override {
    if (!is_mounted) return;
    EXPECT_EQ(::umount(disk.c_str()), 0) << std::strerror(errno);
  }

  /// All but so many KiB is taken.
  void leave(off_t kibibytes) {
    const int file = ::open((disk + "/filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    EXPECT_EQ(::posix_fallocate(file, 0, (1024 - kibibytes) * 1024), 0);
    ::close(file);
  }
  /// Of what is left.
  void take_all() {
    const int file =
        ::open((disk + "/filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ASSERT_GE(file, 0);
    const std::string block(1024, 'x');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
  }
  void make_room() {
    ::unlink((disk + "/filler").c_str());
    ASSERT_TRUE(mount(MS_REMOUNT, "size=16m")) << std::strerror(errno);
  }

  void start_anew() {
    ::umount(disk.c_str());
    for (const char* const made : {"out", "out.part", "summary.json", "run"}) {
      std::filesystem::remove_all(folder.file(made));
    }
    SetUp();
  }

  /// 40 items whose commands write `bytes` each, into `sink`.
  std::string nodes(int bytes, const std::string& sink) const {
    return "a: {source: range, to: 40}\n"
           "b: {from: a, limit: 4, emit: stdout, retry: {attempts: 3, backoff: 1ms}, "
           "shell: 'head -c " +
           std::to_string(bytes) +
           " /dev/zero | tr \"\\0\" x; echo $N', env: {N: '${{ item }}'}}\n" +
           "c: {from: b, sink: lines, path: " + sink + "}";
  }
  /// It has not done all, knows that, and holds it against no item.
  void expect_full(const Ended& ended) {
    EXPECT_EQ(ended.signal, 0);
    EXPECT_EQ(ended.status, 3) << ended.err;
    const bool says_so = ended.err.find("No space left on device") != std::string::npos ||
                         ended.err.find("database or disk is full") != std::string::npos;
    EXPECT_TRUE(says_so) << ended.err;
    if (!folder.has("summary.json")) return;
    EXPECT_EQ(summary().at("nodes").at("b").at("failed"), 0);
  }

  const std::string disk = folder.file("disk");

 private:
  bool mount(unsigned long flags, const char* size) const {
    return ::mount("tmpfs", disk.c_str(), "tmpfs", flags | MS_NOSUID | MS_NODEV, size) == 0;
  }

  bool is_mounted = false;
};

TEST_F(FullDisk, OfARunsDirectoryStopsTheRunWhichCanBeResumed) {
  for (const off_t kibibytes : {0, 4, 8, 12, 16, 24, 48, 96, 160, 300}) {
    SCOPED_TRACE(kibibytes);
    leave(kibibytes);
    expect_full(run(nodes(8000, "out"),
                    {.arguments = {"--run-dir", "disk/run", "--summary-file", "summary.json"}}));
    EXPECT_FALSE(folder.has("out"));
    EXPECT_FALSE(folder.has("disk/run/summary.json.part"));
    make_room();
    if (folder.has("disk/run/run.json")) {
      const Ended resumed = weir({.arguments = {"run", "test.yaml", "--resume", "disk/run"}});
      EXPECT_EQ(resumed.status, 0) << resumed.err;
      EXPECT_EQ(lines_of(folder.read("out")).size(), 40U);
    }
    start_anew();
  }
}

TEST_F(FullDisk, LeavesARunAsItWasThatCannotGoOn) {
  folder.write("bad", "");
  const std::string failing =
      "a: {source: range, to: 4}\n"
      "b: {from: a, shell: 'test $N -lt 4 || test ! -e bad', env: {N: '${{ item }}'}}";
  EXPECT_EQ(run(failing, {.arguments = {"--run-dir", "disk/run"}}).status, 1);
  const std::string before = folder.read("disk/run/summary.json");
  take_all();
  const Ended resumed = weir({.arguments = {"run", "test.yaml", "--resume", "disk/run"}});
  EXPECT_EQ(resumed.status, 3) << resumed.err;
  EXPECT_EQ(folder.read("disk/run/summary.json"), before);
  const Json runs = Json::parse(weir({.arguments = {"runs", "--root", "disk", "--json"}}).out);
  EXPECT_EQ(runs.at(0).at("state"), "failed");
  make_room();
  std::filesystem::remove(folder.file("bad"));
  EXPECT_EQ(weir({.arguments = {"run", "test.yaml", "--resume", "disk/run"}}).status, 0);
}

TEST_F(FullDisk, OfASinkStopsTheRunWhichCanBeResumed) {
  for (const off_t kibibytes : {0, 4, 100}) {
    SCOPED_TRACE(kibibytes);
    leave(kibibytes);
    expect_full(run(nodes(8000, "disk/out"),
                    {.arguments = {"--run-dir", "run", "--summary-file", "summary.json"}}));
    EXPECT_FALSE(folder.has("disk/out"));
    make_room();
    const Ended resumed = weir({.arguments = {"run", "test.yaml", "--resume", "run"}});
    EXPECT_EQ(resumed.status, 0) << resumed.err;
    EXPECT_EQ(lines_of(folder.read("disk/out")).size(), 40U);
    start_anew();
  }
}

}  // namespace
}  // namespace weir::e2e
