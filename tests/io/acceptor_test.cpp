#include "io/acceptor.hpp"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>

#include "faults.hpp"
#include "support.hpp"

namespace weir::io::test {
namespace {

/// A loop on a thread of its own, with an acceptor whose clients are closed as soon as they come.
class AcceptorTest : public testing::Test {
 protected:
  void SetUp() override {
    address_.sun_family = AF_UNIX;
    folder_.file("socket").copy(address_.sun_path, sizeof address_.sun_path - 1);
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ASSERT_EQ(::bind(socket.get(), address(), sizeof address_), 0);
    ASSERT_EQ(::listen(socket.get(), 10), 0);
    ASSERT_EQ(acceptor.open(std::move(socket)), 0);
    acceptor.go_on();
    thread_ = std::thread([this] { loop_.run(); });
  }
  void TearDown() override {
    loop_.post([this] { loop_.stop(); });
    thread_.join();
  }

  /// Needs a descriptor for each.
  Descriptor client() const { return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }
  void connect(const Descriptor& client) {
    ASSERT_EQ(::connect(client.get(), address(), sizeof address_), 0);
  }
  /// Blocks until its connection has been accepted, and closed.
  static bool is_served(const Descriptor& client) {
    pollfd polled{client.get(), POLLIN, 0};
    const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    return ::poll(&polled, 1, static_cast<int>(most)) == 1;
  }

  std::atomic<int> places{1'000'000};

 private:
  sockaddr* address() { return reinterpret_cast<sockaddr*>(&address_); }

  const TemporaryFolder folder_;
  sockaddr_un address_{};
  Loop loop_;

 protected:
  Acceptor acceptor{loop_, [this] { return places > 0; }, [this](Descriptor) { --places; }};
  void give_place() {
    loop_.post([this] {
      ++places;
      acceptor.go_on();
    });
  }

 private:
  std::thread thread_;
};

TEST_F(AcceptorTest, WaitsLongerAndLongerForWhatHasRunOut) {
  for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM}) {
    const Fault fault(Call::accept, error, {.first = 1, .count = 3});
    const Stopwatch watch;
    const Descriptor one = client();
    connect(one);
    EXPECT_TRUE(is_served(one));
    EXPECT_EQ(fault.failed(), 3);
    EXPECT_GE(watch.elapsed(), 20ms + 40ms + 80ms);
  }
}

TEST_F(AcceptorTest, TakesAClientThatHasGoneForNoneAtAll) {
  const Fault fault(Call::accept, ECONNABORTED, {.first = 1, .count = 100});
  const Descriptor one = client();
  connect(one);
  EXPECT_TRUE(is_served(one));
  EXPECT_EQ(fault.failed(), 100);  // with pauses this would take minutes
}

TEST_F(AcceptorTest, DoesNotSpinWhileThereAreNoDescriptors) {
  const Fault none(Call::accept, EMFILE, {.first = 1 << 29});
  const Descriptor one = client();
  const Stopwatch watch;
  {
    const SoftLimit limit(RLIMIT_NOFILE, 1);
    connect(one);
    while (none.seen() < 4 && watch.elapsed() < patience) std::this_thread::yield();
    EXPECT_GE(watch.elapsed(), 20ms + 40ms + 80ms);
  }
  EXPECT_TRUE(is_served(one));
}

TEST_F(AcceptorTest, LeavesThoseAloneForWhomThereIsNoPlace) {
  places = 1;
  const Fault none(Call::accept, EMFILE, {.first = 1 << 29});
  const Descriptor one = client();
  const Descriptor two = client();
  connect(one);
  EXPECT_TRUE(is_served(one));
  connect(two);
  EXPECT_EQ(none.seen(), 1);
  give_place();
  EXPECT_TRUE(is_served(two));
}

}  // namespace
}  // namespace weir::io::test
