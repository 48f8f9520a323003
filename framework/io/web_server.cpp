#include "io/web_server.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

#include "io/acceptor.hpp"
#include "io/loop_context.hpp"
#include "io/signals_blocked.hpp"
#include "io/system_error.hpp"
#include "io/thread.hpp"
#include "io/web_connection.hpp"
#include "io/web_message.hpp"

namespace weir::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Time = EventFeed::Time;

/// Events are not sent to one listener here and one there, but to all that are due by then.
constexpr std::chrono::milliseconds kTogether{20};

/// Asio's own sockets would be inherited by commands.
Descriptor listen_at(const tcp::endpoint& endpoint) {
  Descriptor socket(
      ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  check(static_cast<bool>(socket));
  const int on = 1;
  check(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
  check(::bind(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0);
  check(::listen(socket.get(), SOMAXCONN) == 0);
  return socket;
}

/// Of one that is bound to an address such as `endpoint`.
unsigned short port_of(const Descriptor& socket, tcp::endpoint endpoint) {
  auto size = static_cast<socklen_t>(endpoint.capacity());
  check(::getsockname(socket.get(), endpoint.data(), &size) == 0);
  return endpoint.port();
}

/// As a client writes it that knows nothing of our interfaces, nor of sockets for both versions.
std::string shown_address(const asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  asio::ip::address_v6 version6 = address.to_v6();
  if (version6.is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, version6).to_string();
  }
  version6.scope_id(0);
  return version6.to_string();
}

/// As things stand: the process raises its own limit, and others may set it.
std::size_t most_connections(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
  return std::clamp<std::size_t>(limit.rlim_cur / 4, 1, wanted);
}

}  // namespace

struct WebServer::Impl final : WebConnections {
  Impl(WebSite& its_site, const WebServerOptions& its_options) : settings(its_options) {
    site = &its_site;
    options = &settings;
    const tcp::endpoint wanted(asio::ip::make_address(settings.endpoint.address),
                               settings.endpoint.port);
    Descriptor socket = listen_at(wanted);
    settings.endpoint.port = port_of(socket, wanted);
    protocol = wanted.protocol();
    const int error = acceptor.open(std::move(socket));
    if (error != 0) throw std::system_error(error, std::generic_category());
    its_access.emplace(settings.endpoint, settings.token);
    access = &*its_access;
    acceptor.go_on();
    keep_alive();
  }

  void serve();
  void admit(Descriptor socket);
  void has_closed() override {
    if (is_stopping) return;
    streams = feed.size();
    acceptor.go_on();
    check_end();
  }
  void feed_changed() override;
  bool is_ending() const override { return ended.has_value(); }
  void send_due();
  void keep_alive();
  void end(std::shared_ptr<const std::string> last);
  void check_end();

  WebServerOptions settings;
  std::optional<WebAccess> its_access;
  std::atomic<std::size_t> streams{0};
  bool is_stopping = false;
  tcp protocol = tcp::v4();
  std::optional<Time> tick_at;
  std::optional<std::promise<void>> ended;
  bool has_ended = false;
  // Behind all that connections use when they go with it.
  Loop loop;
  asio::io_context& context = context_of(loop);
  Acceptor acceptor{loop, [this] { return open < most_connections(settings.most_connections); },
                    [this](Descriptor socket) { admit(std::move(socket)); }};
  asio::steady_timer tick{context};
  asio::steady_timer silence{context};
  std::thread thread;
};

void WebServer::Impl::serve() {
  ::pthread_setname_np(::pthread_self(), "weir-web");
  for (;;) {
    try {
      loop.run();
      return;
    } catch (const std::exception&) {
      // No memory: the connection that it was needed for goes, the run does not.
    }
  }
}

void WebServer::Impl::admit(Descriptor socket) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  tcp::socket connected(context);
  connected.assign(protocol, socket.get());
  socket.release();
  std::string local = shown_address(connected.local_endpoint().address());
  std::make_shared<WebConnection>(std::move(connected), *this, std::move(local))->begin();
}

/// Sees to it that those are served who are behind.
void WebServer::Impl::feed_changed() {
  streams = feed.size();
  const std::optional<Time> next = feed.next();
  if (!next) return;
  const Time at = std::max(*next, Time::clock::now());
  if (tick_at && *tick_at <= at + kTogether) return;
  const bool is_due = at <= Time::clock::now();
  tick_at = is_due ? at : at + kTogether;
  tick.expires_at(*tick_at);
  tick.async_wait([this](error_code error) {
    if (error) return;
    tick_at.reset();
    send_due();
  });
}

void WebServer::Impl::send_due() {
  for (void* const listener : feed.take_due(Time::clock::now())) {
    static_cast<WebConnection*>(listener)->send_event();
  }
  feed_changed();
}

void WebServer::Impl::keep_alive() {
  for (void* const listener : feed.take_silent(Time::clock::now())) {
    static_cast<WebConnection*>(listener)->send_comment();
  }
  silence.expires_after(std::chrono::seconds(1));
  silence.async_wait([this](error_code error) {
    if (!error) keep_alive();
  });
}

void WebServer::Impl::end(std::shared_ptr<const std::string> last) {
  feed.publish(event_text(last));
  for (void* const listener : feed.take_idle()) static_cast<WebConnection*>(listener)->send_end();
  check_end();
}

void WebServer::Impl::check_end() {
  if (!ended || has_ended || feed.size() != 0 || busy != 0) return;
  has_ended = true;
  ended->set_value();
}

WebServer::WebServer(WebSite& site, const WebServerOptions& options) {
  try {
    impl_ = std::make_unique<Impl>(site, options);
    const SignalsBlocked blocked;  // they are for other threads
    impl_->thread = start_thread([this] { impl_->serve(); });
  } catch (const std::exception& error) {
    throw std::runtime_error("can't listen on " + to_string(options.endpoint) + ": " +
                             error.what());
  }
}

WebServer::~WebServer() {
  impl_->loop.stop();
  impl_->thread.join();
  impl_->is_stopping = true;
}

const WebEndpoint& WebServer::endpoint() const { return impl_->settings.endpoint; }
std::string WebServer::url() const { return impl_->its_access->url(); }
std::size_t WebServer::streams() const { return impl_->streams; }

void WebServer::publish(std::shared_ptr<const std::string> event) {
  if (impl_->streams == 0) return;
  auto text = event_text(event);
  asio::post(impl_->context, [this, text = std::move(text)] {
    if (impl_->is_ending()) return;
    impl_->feed.publish(text);
    impl_->feed_changed();
  });
}

void WebServer::end(std::shared_ptr<const std::string> event, std::chrono::milliseconds patience) {
  std::promise<void> promise;
  std::future<void> done = promise.get_future();
  asio::post(impl_->context,
             [this, event = std::move(event),
              moved = std::make_shared<std::promise<void>>(std::move(promise))]() mutable {
               impl_->ended = std::move(*moved);
               impl_->end(std::move(event));
             });
  done.wait_for(patience);
}

}  // namespace weir::io
