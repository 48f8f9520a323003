#include "io/local_server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include "io/local_address.hpp"
#include "io/local_client.hpp"
#include "support.hpp"

namespace weir::io {
namespace {

using test::TemporaryFolder;
using namespace std::chrono_literals;
using Why = AskError::Why;

/// For servers whose deadline is not to come within a test.
constexpr LocalServerOptions kPatient{.most_connections = 16, .deadline = 10min};

std::string echo(std::string_view request) { return "<" + std::string(request) + ">"; }

Why why_not(const std::filesystem::path& socket, std::chrono::milliseconds patience = 60s) {
  try {
    ADD_FAILURE() << "there is a reply: " << ask(socket, "x", patience);
  } catch (const AskError& error) {
    return error.why();
  }
  return Why::failed;
}

/// A client that does what it wants.
class RawClient {
 public:
  explicit RawClient(const std::filesystem::path& path) {
    const LocalAddress address(path);
    socket_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket_.get(), address.get(), address.size()), 0);
  }
  void send(const std::string& text) {
    EXPECT_EQ(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  void end() { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_.close(); }
  /// Until the server closes the connection.
  std::string receive() {
    std::string text;
    char bytes[4096];
    for (ssize_t got = 1; got > 0;) {
      pollfd polled{socket_.get(), POLLIN, 0};
      if (::poll(&polled, 1, 60'000) != 1) {
        ADD_FAILURE() << "the server neither answers nor closes the connection";
        break;
      }
      got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
      if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  Descriptor socket_;
};

class LocalServerTest : public testing::Test {
 protected:
  TemporaryFolder folder;
  const std::string path = folder.file("run.sock");
};

TEST_F(LocalServerTest, AnswersARequestWithAReplyOfAnyLength) {
  const LocalServer server(path, [](std::string_view request) {
    return std::string(static_cast<std::size_t>(std::stoi(std::string(request))), 'x');
  });
  for (const std::size_t size : {0U, 1U, 5'000'000U}) {
    EXPECT_EQ(ask(path, std::to_string(size)), std::string(size, 'x'));
  }
}

TEST_F(LocalServerTest, TakesARequestInPieces) {
  const LocalServer server(path, echo, kPatient);
  RawClient client(path);
  client.send("ab");
  EXPECT_EQ(ask(path, "meanwhile"), "<meanwhile>");
  client.send("cd\nmore");
  EXPECT_EQ(client.receive(), "<abcd>\n");
}

TEST_F(LocalServerTest, AnswersManyClientsAtATime) {
  const LocalServer server(path, echo);
  std::vector<std::thread> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back([this, i] {
      for (int n = 0; n < 20; ++n) {
        const std::string text = std::to_string(i) + "." + std::to_string(n);
        EXPECT_EQ(ask(path, text, 60s), "<" + text + ">");
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

TEST_F(LocalServerTest, IsNotStalledByAClientThatSaysNothing) {
  const LocalServer server(path, echo, kPatient);
  const RawClient silent(path);
  EXPECT_EQ(ask(path, "x"), "<x>");
}

TEST_F(LocalServerTest, IsNotStalledByAClientThatDoesNotRead) {
  const LocalServer server(
      path, [](std::string_view) { return std::string(10'000'000, 'x'); }, kPatient);
  RawClient slow(path);
  slow.send("x\n");
  EXPECT_EQ(ask(path, "x").size(), 10'000'000U);
  EXPECT_EQ(slow.receive().size(), 10'000'001U);
}

TEST_F(LocalServerTest, ClosesAConnectionAtItsDeadline) {
  const LocalServer server(path, echo, {.most_connections = 1, .deadline = 1ms});
  RawClient silent(path);
  EXPECT_EQ(silent.receive(), "");
}

TEST_F(LocalServerTest, ServesThoseThatWaitWhenOthersHaveGone) {
  const LocalServer server(path, echo, {.most_connections = 1, .deadline = 10min});
  auto first = std::make_unique<RawClient>(path);
  std::thread second([this] { EXPECT_EQ(ask(path, "second", 60s), "<second>"); });
  first.reset();
  second.join();
}

TEST_F(LocalServerTest, ServesNoMoreThanItMay) {
  const LocalServer server(path, echo, {.most_connections = 2, .deadline = 10min});
  const RawClient first(path);
  const RawClient second(path);
  EXPECT_EQ(why_not(path, 50ms), Why::timed_out);
}

TEST_F(LocalServerTest, ClosesTheConnectionAtHalfARequest) {
  const LocalServer server(path, echo, kPatient);
  RawClient client(path);
  client.send("half");
  client.end();
  EXPECT_EQ(client.receive(), "");
  EXPECT_EQ(ask(path, "x"), "<x>");
}

TEST_F(LocalServerTest, TakesTheLongestRequestAndNoLongerOne) {
  const LocalServer server(path, echo, kPatient);
  const std::string longest(kLongestRequest, 'x');
  EXPECT_EQ(ask(path, longest), "<" + longest + ">");
  EXPECT_THROW(ask(path, longest + "x"), std::invalid_argument);
  RawClient client(path);
  client.send(longest + "x");
  EXPECT_EQ(client.receive(), "");
}

TEST_F(LocalServerTest, OutlivesClientsThatCloseEarly) {
  const LocalServer server(
      path, [](std::string_view) { return std::string(1'000'000, 'x'); }, kPatient);
  for (int i = 0; i < 50; ++i) {
    RawClient client(path);
    if (i % 3 != 0) client.send("x");
    if (i % 3 == 2) client.send("\n");
    client.close();
  }
  EXPECT_EQ(ask(path, "x").size(), 1'000'000U);
}

TEST_F(LocalServerTest, ClosesTheConnectionIfTheHandlerThrows) {
  const LocalServer server(path,
                           [](std::string_view) -> std::string { throw std::runtime_error("no"); });
  EXPECT_EQ(why_not(path), Why::closed);
}

TEST_F(LocalServerTest, EndsWithConnectionsOpen) {
  auto server = std::make_unique<LocalServer>(path, echo, kPatient);
  RawClient silent(path);
  EXPECT_EQ(ask(path, "x"), "<x>");
  server.reset();
  EXPECT_EQ(silent.receive(), "");
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(why_not(path), Why::nobody);
}

TEST_F(LocalServerTest, MakesAFileForItsOwnerAlone) {
  const mode_t before = ::umask(0);
  const LocalServer server(path, echo);
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(LocalServerTest, TurnsOtherUsersAway) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  const LocalServer server(path, echo);
  ::chmod(folder.path().c_str(), 0777);
  const auto why_not_nobody = [this] {
    Why why{};
    std::thread([&] {
      constexpr uid_t kNobody = 65534;
      // By the system call itself: it changes this thread alone.
      ASSERT_EQ(::syscall(SYS_setresuid, kNobody, kNobody, kNobody), 0);
      why = why_not(path);
    }).join();
    return why;
  };
  EXPECT_EQ(why_not_nobody(), Why::refused);
  ::chmod(path.c_str(), 0666);
  EXPECT_EQ(why_not_nobody(), Why::closed);
}

TEST_F(LocalServerTest, ReplacesTheSocketOfADeadServer) {
  {
    const LocalAddress address(path);
    const Descriptor dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(dead.get(), address.get(), address.size()), 0);
  }
  EXPECT_EQ(why_not(path), Why::nobody);
  const LocalServer server(path, echo);
  EXPECT_EQ(ask(path, "x"), "<x>");
}

TEST_F(LocalServerTest, DoesNotReplaceWhatIsNoSocket) {
  folder.write("run.sock", "a file");
  try {
    const LocalServer server(path, echo);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "can't listen on '" + path + "': Address already in use");
  }
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(LocalServerTest, ListensAtAPathOfAnyLength) {
  std::filesystem::path deep = folder.path();
  for (int i = 0; i < 10; ++i) deep /= std::string(60, static_cast<char>('a' + i));
  std::filesystem::create_directories(deep);
  {
    const LocalServer server(deep / "run.sock", echo);
    EXPECT_EQ(ask(deep / "run.sock", "x"), "<x>");
  }
  EXPECT_FALSE(std::filesystem::exists(deep / "run.sock"));
}

TEST_F(LocalServerTest, SaysWhyItCanNotListen) {
  const std::string nowhere = folder.file("no/run.sock");
  try {
    const LocalServer server(nowhere, echo);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "can't listen on '" + nowhere + "': No such file or directory");
  }
}

TEST_F(LocalServerTest, IsMissedIfThereIsNone) {
  EXPECT_EQ(why_not(path), Why::nobody);
  EXPECT_EQ(why_not(folder.file("no/run.sock")), Why::nobody);
  EXPECT_EQ(why_not(folder.file("x") + "/"), Why::nobody);
}

}  // namespace
}  // namespace weir::io
