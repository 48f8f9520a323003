#include "io/local_client.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/time.h>
#include <system_error>

#include "io/local_address.hpp"
#include "io/local_server.hpp"
#include "io/system_error.hpp"

namespace weir::io {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
using Why = AskError::Why;

class Question {
 public:
  Question(const std::filesystem::path& path, milliseconds patience)
      : path_(path), until_(SteadyClock::now() + patience) {
    try {
      connect(LocalAddress(path), patience);
    } catch (const std::system_error& error) {
      fail(error.code().value());
    }
  }

  void send(std::string_view text) {
    while (!text.empty()) {
      wait(POLLOUT);
      const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN && errno != EINTR) fail(errno);
    }
  }

  std::string receive() {
    std::string text;
    for (;;) {
      wait(POLLIN);
      char bytes[65536];
      const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
      if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
      if (got == 0) break;
      if (got < 0 && errno != EAGAIN && errno != EINTR) fail(errno);
    }
    if (!text.ends_with('\n')) fail(ECONNRESET);
    text.pop_back();
    return text;
  }

 private:
  void connect(const LocalAddress& address, milliseconds patience) {
    socket_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket_) fail(errno);
    // A connect that does not block fails when the server's backlog is full, with nothing that one
    // could wait for: so it blocks, as long as this.
    timeval most{};
    most.tv_sec = patience.count() / 1000;
    most.tv_usec = std::max<suseconds_t>(patience.count() % 1000 * 1000, 1);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
    while (::connect(socket_.get(), address.get(), address.size()) != 0) {
      if (errno != EINTR) fail(errno);
    }
    ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  }

  void wait(short what) {
    for (;;) {
      const auto left = duration_cast<milliseconds>(until_ - SteadyClock::now()).count();
      if (left <= 0) fail(EAGAIN);
      pollfd polled{socket_.get(), what, 0};
      if (::poll(&polled, 1, static_cast<int>(std::min<long long>(left, 60'000))) > 0) return;
    }
  }

  [[noreturn]] void fail(int error) const {
    const std::string at = "'" + path_.string() + "'";
    switch (error) {
      case ENOENT:
      case ENOTDIR:
      case ECONNREFUSED:
        throw AskError(Why::nobody, "nobody listens on " + at);
      case EACCES:
      case EPERM:
        throw AskError(Why::refused, "this user may not connect to " + at);
      case EAGAIN:
        throw AskError(Why::timed_out, "there was no answer in time on " + at);
      case ECONNRESET:
      case EPIPE:
        throw AskError(Why::closed, at + " closed the connection without an answer");
      default:
        throw AskError(Why::failed, "can't ask on " + at + ": " + message_of(error));
    }
  }

  const std::filesystem::path& path_;
  const SteadyClock::time_point until_;
  Descriptor socket_;
};

}  // namespace

std::string ask(const std::filesystem::path& socket, std::string_view request,
                milliseconds patience) {
  if (request.size() > kLongestRequest || request.find('\n') != std::string_view::npos) {
    throw std::invalid_argument("a request is one line of at most " +
                                std::to_string(kLongestRequest) + " bytes");
  }
  Question question(socket, patience);
  question.send(std::string(request) + "\n");
  return question.receive();
}

}  // namespace weir::io
