#include "view/terminal/outlet.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace weir::view {
namespace {

/// A pipe that nobody reads but when it is told to.
class OutletTest : public testing::Test {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    ASSERT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0);
  }
  void TearDown() override {
    close_end(0);
    close_end(1);
  }
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) close(ends_[end]);
    ends_[end] = -1;
  }
  std::string read_to_the_end() {
    std::string all;
    std::string piece(100'000, '\0');
    for (ssize_t got = 0; (got = read(ends_[0], piece.data(), piece.size())) > 0;) {
      all.append(piece, 0, static_cast<std::size_t>(got));
    }
    return all;
  }

  std::array<int, 2> ends_{-1, -1};
};

TEST_F(OutletTest, WritesAtOnceWhatCanBeWritten) {
  Outlet outlet(ends_[1]);
  outlet.write("one\n");
  outlet.write("two\n");
  EXPECT_EQ(outlet.kept(), 0U);
  std::string got(100, '\0');
  EXPECT_EQ(read(ends_[0], got.data(), got.size()), 8);
}

TEST_F(OutletTest, NeverWaitsAndLosesNothing) {
  std::string all;
  auto outlet = std::make_unique<Outlet>(ends_[1]);
  for (int i = 0; i < 300'000; ++i) {  // far more than a pipe takes, or than is kept in memory
    const std::string line = "line " + std::to_string(i) + "\n";
    outlet->write(line);
    all += line;
  }
  EXPECT_GT(outlet->kept(), all.size() / 2);
  std::string got;
  std::thread reader([&] { got = read_to_the_end(); });
  outlet->wait();
  EXPECT_EQ(outlet->kept(), 0U);
  outlet->write("and more\n");
  all += "and more\n";
  outlet.reset();
  close_end(1);
  reader.join();
  EXPECT_TRUE(got == all);
}

TEST_F(OutletTest, KeepsTheOrderOfEachThreadWhateverIsRead) {
  constexpr int kThreads = 4;
  constexpr int kLines = 5'000;
  auto outlet = std::make_unique<Outlet>(ends_[1]);
  std::string all;
  std::thread reader([&] { all = read_to_the_end(); });
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kThreads; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kLines; ++i) {
        outlet->write(std::to_string(writer) + " " + std::to_string(i) + "\n");
        if (i % 1000 == 0) outlet->wait(1000);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  outlet.reset();
  close_end(1);
  reader.join();
  std::array<int, kThreads> next{};
  std::size_t lines = 0;
  for (std::size_t at = 0; at < all.size(); ++lines) {
    const std::size_t end = all.find('\n', at);
    const std::string line = all.substr(at, end - at);
    const auto writer = static_cast<std::size_t>(line[0] - '0');
    ASSERT_LT(writer, next.size()) << line;
    ASSERT_EQ(line, std::to_string(writer) + " " + std::to_string(next[writer]++));
    at = end + 1;
  }
  EXPECT_EQ(lines, std::size_t{kThreads * kLines});
}

TEST_F(OutletTest, GivesUpWhenNobodyWillReadAnyMore) {
  Outlet outlet(ends_[1]);
  outlet.write(std::string(1'000'000, 'x'));
  EXPECT_EQ(outlet.error(), "");
  close_end(0);
  outlet.wait();
  EXPECT_EQ(outlet.error(), "Broken pipe");
  outlet.write("more");
  EXPECT_EQ(outlet.kept(), 0U);
}

TEST_F(OutletTest, LeavesTheDescriptorThatWasGivenAsItWas) {
  const Outlet outlet(ends_[1]);
  EXPECT_EQ(fcntl(ends_[1], F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace weir::view
