#include "io/local_server.hpp"

#include <cerrno>
#include <fcntl.h>
#include <list>
#include <new>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include "io/acceptor.hpp"
#include "io/local_address.hpp"
#include "io/loop.hpp"
#include "io/signals_blocked.hpp"
#include "io/system_error.hpp"
#include "io/thread.hpp"

namespace weir::io {
namespace {

bool is_allowed(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

Descriptor listen_at(const LocalAddress& address, std::size_t backlog) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  check(static_cast<bool>(socket));
  // Linux gives the file the mode of the socket: so there is no moment in which others may connect,
  // as there is with chmod afterwards, even if they may enter the folder.
  check(::fchmod(socket.get(), 0600) == 0);
  struct stat status {};
  if (::fstatat(address.folder(), address.name().c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISSOCK(status.st_mode)) {
    ::unlinkat(address.folder(), address.name().c_str(), 0);
  }
  check(::bind(socket.get(), address.get(), address.size()) == 0);
  check(::listen(socket.get(), static_cast<int>(backlog)) == 0);
  return socket;
}

}  // namespace

struct LocalServer::Impl {
  Impl(const std::filesystem::path& path, Handler its_handler, LocalServerOptions its_options)
      : handler(std::move(its_handler)), options(its_options), address(path) {
    const int error = acceptor.open(listen_at(address, options.most_connections));
    if (error != 0) {
      remove();
      throw std::system_error(error, std::generic_category());
    }
    acceptor.go_on();
  }

  struct Connection {
    explicit Connection(Loop& loop) : socket(loop), deadline(loop) {}

    Watch socket;
    Alarm deadline;
    std::string text;      ///< the request, as far as it has come; then the reply
    std::size_t sent = 0;  ///< of the reply
    std::list<Connection>::iterator self;
  };

  void remove() { ::unlinkat(address.folder(), address.name().c_str(), 0); }

  void admit(Descriptor socket);
  void read(Connection& connection) noexcept;
  bool read_line(Connection& connection);
  void write(Connection& connection) noexcept;
  void close(Connection& connection) noexcept;

  const Handler handler;
  const LocalServerOptions options;
  const LocalAddress address;
  Loop loop;
  std::list<Connection> connections;
  Acceptor acceptor{loop, [this] { return connections.size() < options.most_connections; },
                    [this](Descriptor socket) {
                      if (is_allowed(socket.get())) admit(std::move(socket));
                    }};
  std::thread thread;
};

void LocalServer::Impl::admit(Descriptor socket) {
  Connection& connection = connections.emplace_back(loop);
  connection.self = std::prev(connections.end());
  try {
    if (connection.socket.open(std::move(socket)) != 0) throw std::bad_alloc();
    connection.deadline.set(Clock::now() + options.deadline,
                            [this, &connection] { close(connection); });
    connection.socket.when_readable([this, &connection] { read(connection); });
  } catch (...) {
    connections.pop_back();
    throw;
  }
}

void LocalServer::Impl::close(Connection& connection) noexcept {
  connections.erase(connection.self);
  acceptor.go_on();
}

/// Whether the request is complete. Throws if it never will be.
bool LocalServer::Impl::read_line(Connection& connection) {
  char bytes[kLongestRequest + 1];
  const ssize_t got =
      ::recv(connection.socket.descriptor(), bytes, sizeof bytes - connection.text.size(), 0);
  const bool is_to_come = got < 0 && (errno == EAGAIN || errno == EINTR);
  if (is_to_come && connection.socket.refused() == 0) return false;
  check(got > 0);
  connection.text.append(bytes, static_cast<std::size_t>(got));
  const std::size_t newline = connection.text.find('\n');
  if (newline != std::string::npos) {
    connection.text.resize(newline);
    return true;
  }
  if (connection.text.size() > kLongestRequest) throw std::length_error("the request is too long");
  return false;
}

void LocalServer::Impl::read(Connection& connection) noexcept {
  try {
    if (read_line(connection)) {
      connection.text = handler(connection.text) + "\n";
      write(connection);
    } else {
      connection.socket.when_readable([this, &connection] { read(connection); });
    }
  } catch (...) {
    close(connection);
  }
}

void LocalServer::Impl::write(Connection& connection) noexcept {
  try {
    while (connection.sent < connection.text.size()) {
      const ssize_t sent =
          ::send(connection.socket.descriptor(), connection.text.data() + connection.sent,
                 connection.text.size() - connection.sent, MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN && connection.socket.refused() == 0) {
        connection.socket.when_writable([this, &connection] { write(connection); });
        return;
      }
      if (sent < 0 && errno == EINTR) continue;
      check(sent > 0);
      connection.sent += static_cast<std::size_t>(sent);
    }
  } catch (...) {
  }
  close(connection);
}

LocalServer::LocalServer(const std::filesystem::path& path, Handler handler,
                         LocalServerOptions options) {
  try {
    impl_ = std::make_unique<Impl>(path, std::move(handler), options);
    const SignalsBlocked blocked;  // they are for other threads
    impl_->thread = start_thread([this] { impl_->loop.run(); });
  } catch (const std::exception& error) {
    if (impl_) impl_->remove();
    throw std::runtime_error("can't listen on '" + path.string() + "': " + error.what());
  }
}

LocalServer::~LocalServer() {
  impl_->remove();
  impl_->loop.post([this] { impl_->loop.stop(); });
  impl_->thread.join();
}

}  // namespace weir::io
