#include "io/web_server.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <vector>

#include "io/descriptor.hpp"

namespace weir::io {
namespace {

using namespace std::chrono_literals;

const std::string kServerToken = "0123456789abcdef";

class Site final : public WebSite {
 public:
  WebResponse get(const WebRequest& request) override {
    if (request.path == "/throw") throw std::runtime_error("no");
    WebResponse made;
    made.body = std::make_shared<const std::string>(
        request.path == "/large" ? std::string(20'000'000, 'x') : "<" + request.path + ">");
    return made;
  }
  std::string events_path() const override { return "/events"; }
  std::shared_ptr<const std::string> first_event() override {
    return std::make_shared<const std::string>("first");
  }
};

class Client {
 public:
  explicit Client(const WebServer& server) : Client(server.endpoint().port) {}
  explicit Client(std::uint16_t port) : port_(port) {
    socket_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  }
  Client& connect() {
    EXPECT_TRUE(try_connect());
    return *this;
  }
  /// False: the server has gone.
  bool try_ask(const std::string& path) {
    const std::string text = request(path, "GET", "");
    return try_connect() &&
           ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) == ssize_t(text.size());
  }
  Client& send(const std::string& text) {
    EXPECT_EQ(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
    return *this;
  }
  Client& ask(const std::string& path, const std::string& method = "GET",
              const std::string& more = "") {
    return send(request(path, method, more));
  }
  bool is_readable(std::chrono::milliseconds patience) {
    pollfd polled{socket_.get(), POLLIN, 0};
    return ::poll(&polled, 1, static_cast<int>(patience.count())) == 1;
  }
  /// Until this has come, or the end.
  std::string receive(const std::string& until = "") {
    char bytes[65536];
    while (until.empty() || text_.find(until) == text_.npos) {
      if (!is_readable(60s)) {
        ADD_FAILURE() << "the server neither answers nor closes the connection";
        break;
      }
      const ssize_t got = ::recv(socket_.get(), bytes, sizeof bytes, 0);
      if (got <= 0) break;
      text_.append(bytes, static_cast<std::size_t>(got));
    }
    return std::exchange(text_, "");
  }

 private:
  bool try_connect() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  std::string request(const std::string& path, const std::string& method,
                      const std::string& more) const {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost:" + std::to_string(port_) +
           "\r\nAuthorization: Bearer " + kServerToken + "\r\n" + more + "\r\n";
  }

  std::uint16_t port_;
  Descriptor socket_;
  std::string text_;
};

class WebServerTest : public testing::Test {
 protected:
  static WebServerOptions options() {
    WebServerOptions made;
    made.token = kServerToken;
    made.deadline = 10min;
    return made;
  }
  Site site;
};

TEST_F(WebServerTest, AnswersOnAConnectionThatStays) {
  const WebServer server(site, options());
  Client client(server);
  client.connect().ask("/a");
  EXPECT_NE(client.receive("</a>").find("HTTP/1.1 200 OK\r\n"), std::string::npos);
  client.ask("/b", "HEAD");
  const std::string head = client.receive("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  client.ask("/c", "GET", "Connection: close\r\n");
  EXPECT_TRUE(client.receive().ends_with("</c>"));
}

TEST_F(WebServerTest, SaysHowItsAnswersAreToBeKept) {
  const WebServer server(site, options());
  for (const char* const path : {"/a", "/throw", "/?token=0123456789abcdef", "/events"}) {
    Client client(server);
    const std::string head = client.connect().ask(path).receive("\r\n\r\n");
    for (const char* const line :
         {"Content-Security-Policy: default-src 'none'; ", "X-Content-Type-Options: nosniff\r\n",
          "Cross-Origin-Resource-Policy: same-origin\r\n", "Cache-Control: no-store\r\n",
          "Cross-Origin-Opener-Policy: same-origin\r\n", "Referrer-Policy: no-referrer\r\n"}) {
      EXPECT_NE(head.find(line), std::string::npos) << path << "\n" << head;
    }
  }
}

TEST_F(WebServerTest, TakesNoBodyAndNoNonsense) {
  const WebServer server(site, options());
  const auto status = [&](const std::string& text) {
    return Client(server).connect().send(text).receive().substr(0, 12);
  };
  Client with_body(server);
  with_body.connect().ask("/a", "GET", "Content-Length: 3\r\n");
  EXPECT_EQ(with_body.receive().substr(0, 12), "HTTP/1.1 400");
  // What is behind it might be a body: it is no request of its own.
  Client coded(server);
  coded.connect().ask("/a", "GET", "Transfer-Encoding: gzip\r\n").ask("/b");
  const std::string refused = coded.receive();
  EXPECT_EQ(refused.substr(0, 12), "HTTP/1.1 400");
  EXPECT_EQ(refused.find("</b>"), refused.npos);
  EXPECT_EQ(status("nonsense\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(status("GET /a HTTP/1.1\r\nX: " + std::string(17'000, 'x')), "HTTP/1.1 431");
}

/// Whoever writes his requests by hand.
TEST_F(WebServerTest, RefusesWhatNoBrowserSends) {
  const WebServer server(site, options());
  const std::string host = "Host: localhost:" + std::to_string(server.endpoint().port) + "\r\n";
  const std::string token = "Authorization: Bearer " + kServerToken + "\r\n";
  const std::string good = host + token;
  const std::pair<std::string, const char*> probes[] = {
      {"GET http://localhost:" + std::to_string(server.endpoint().port) + "/ HTTP/1.1\r\n" + good,
       "400"},
      {"OPTIONS * HTTP/1.1\r\n" + good, "400"},
      {"CONNECT localhost:22 HTTP/1.1\r\n" + good, "400"},
      {"TRACE / HTTP/1.1\r\n" + good, "405"},
      {"get / HTTP/1.1\r\n" + good, "405"},
      {"GET / HTTP/1.0\r\n" + token, "403"},
      {"GET / HTTP/2.0\r\n" + good, "400"},
      {"GET / HTTP/1.1\r\n" + host + good, "400"},
      {"GET / HTTP/1.1\r\nHost: evil.example\r\n " + good, "403"},
      {"GET / HTTP/1.1\r\nHost : evil.example\r\n" + good, "400"},
      {"GET / HTTP/1.1\r\n" + good + "Origin: null\r\n", "403"},
      {"GET / HTTP/1.1\r\n" + good + token, "400"},
      {"GET / HTTP/1.1\r\n" + host + "Cookie: a=b\r\n", "401"},
      {"GET /a%00 HTTP/1.1\r\n" + good, "400"},
      {"GET /a%4 HTTP/1.1\r\n" + good, "400"},
      {"GET / HTTP/1.1\r\n" + good + std::string("X: a\0b\r\n", 8), "400"},
      {"GET / HTTP/1.1\r\n" + good + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "400"},
      {"GET / HTTP/1.1\r\n" + good + "Content-Length: -1\r\n", "400"},
      {"GET / HTTP/1.1\r\n" + good + "X: " + std::string(20'000, 'a') + "\r\n", "431"},
      {"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n" + good, "431"},
  };
  for (const auto& [probe, status] : probes) {
    const std::string answer = Client(server).connect().send(probe + "\r\n").receive();
    EXPECT_EQ(answer.substr(0, 12), std::string("HTTP/1.1 ") + status) << probe.substr(0, 200);
    EXPECT_EQ(answer.find('<'), answer.npos);
  }
}

/// What is known of one request is not known of the next.
TEST_F(WebServerTest, LooksAtEveryRequestOfAConnection) {
  const WebServer server(site, options());
  const std::string host = "Host: localhost:" + std::to_string(server.endpoint().port) + "\r\n";
  const std::string token = "Authorization: Bearer " + kServerToken + "\r\n";
  const std::string good = "GET /one HTTP/1.1\r\n" + host + token + "\r\n";
  for (const std::string& bad : {"GET /two HTTP/1.1\r\n" + host + "\r\n",
                                 "GET /two HTTP/1.1\r\nHost: evil.example\r\n" + token + "\r\n"}) {
    const std::string answer = Client(server).connect().send(good + bad + good).receive();
    EXPECT_NE(answer.find("</one>"), answer.npos);
    EXPECT_EQ(answer.find("</two>"), answer.npos);
    EXPECT_EQ(answer.find("</one>"), answer.rfind("</one>"));  // closed before the third
  }
}

/// Only plain HTTP is spoken.
TEST_F(WebServerTest, SwitchesToNoOtherProtocol) {
  const WebServer server(site, options());
  for (const char* const protocol : {"websocket", "h2c"}) {
    Client client(server);
    const std::string upgrade = std::string("Upgrade: ") + protocol +
                                "\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
    EXPECT_EQ(client.connect().ask("/", "GET", upgrade).receive("</>").substr(0, 12),
              "HTTP/1.1 200");
  }
}

TEST_F(WebServerTest, ClosesAConnectionOnWhichNothingComes) {
  WebServerOptions impatient = options();
  impatient.deadline = 1ms;
  const WebServer server(site, impatient);
  EXPECT_EQ(Client(server).connect().receive(), "");
}

TEST_F(WebServerTest, IsNotStalledByAClientThatDoesNotRead) {
  const WebServer server(site, options());
  Client slow(server);
  slow.connect().ask("/large", "GET", "Connection: close\r\n");
  EXPECT_NE(Client(server).connect().ask("/a").receive("</a>"), "");
  EXPECT_GT(slow.receive().size(), 20'000'000U);
}

TEST_F(WebServerTest, SendsEventsAndAnEnd) {
  WebServer server(site, options());
  Client client(server);
  client.connect().ask("/events");
  EXPECT_NE(client.receive("first\n\n").find("text/event-stream"), std::string::npos);
  server.publish(std::make_shared<const std::string>("second"));
  EXPECT_EQ(client.receive("\n\n"), "data: second\n\n");
  server.end(std::make_shared<const std::string>("last"), 60s);
  EXPECT_EQ(client.receive(), "data: last\n\nevent: end\ndata: {}\n\n");
}

TEST_F(WebServerTest, KeepsOnlyTheNewestEventForAStreamThatDoesNotRead) {
  WebServer server(site, options());
  Client client(server);
  client.connect().ask("/events");
  client.receive("first\n\n");
  // More than the kernel takes: the first one is under way, then only the last is left.
  const auto large = std::make_shared<const std::string>(20'000'000, 'x');
  server.publish(large);
  EXPECT_TRUE(client.is_readable(60s));
  for (int i = 0; i < 100; ++i) server.publish(large);
  server.publish(std::make_shared<const std::string>("newest"));
  const std::string got = client.receive("newest\n\n");
  EXPECT_TRUE(got.ends_with("data: newest\n\n"));
  EXPECT_LT(got.size(), 20'100'000U);
}

TEST_F(WebServerTest, DoesNotWaitForStreamsThatDoNotReadWhenItEnds) {
  WebServer server(site, options());
  Client client(server);
  client.connect().ask("/events");
  client.receive("first\n\n");
  server.publish(std::make_shared<const std::string>(20'000'000, 'x'));
  EXPECT_TRUE(client.is_readable(60s));
  server.end(std::make_shared<const std::string>("last"), 1ms);
}

/// Whatever is under way when the server goes: connections that begin, answers, events, clients
/// that leave.
TEST_F(WebServerTest, GoesWhileClientsComeAndGoAndEventsArePublished) {
  for (int round = 0; round < 10; ++round) {
    auto server = std::make_unique<WebServer>(site, options());
    const std::uint16_t port = server->endpoint().port;
    std::atomic<int> served{0};
    std::atomic<bool> is_over{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        while (!is_over) {
          Client client(port);
          if (!client.try_ask(i % 2 == 0 ? "/events" : "/a")) continue;
          if (client.is_readable(60s)) ++served;
        }
      });
    }
    const auto event = std::make_shared<const std::string>("event");
    while (served < 100) {
      server->publish(event);
      std::this_thread::yield();
    }
    if (round % 2 == 0) server->end(std::make_shared<const std::string>("last"), 60s);
    server.reset();
    is_over = true;
    for (std::thread& thread : threads) thread.join();
  }
}

TEST_F(WebServerTest, ServesNoMoreThanItMay) {
  WebServerOptions few = options();
  few.most_connections = 1;
  const WebServer server(site, few);
  auto first = std::make_unique<Client>(server);
  first->connect().ask("/a").receive("</a>");
  Client second(server);
  second.connect().ask("/b");
  EXPECT_FALSE(second.is_readable(50ms));
  first.reset();
  EXPECT_NE(second.receive("</b>"), "");
}

TEST_F(WebServerTest, WaitsWithoutSpinningWhereThereAreNoDescriptors) {
  const WebServer server(site, options());
  Client client(server);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const auto cpu = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  };
  rlimit none = before;
  none.rlim_cur = 3;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  client.connect().ask("/a");
  const auto used = cpu();
  EXPECT_FALSE(client.is_readable(500ms));
  EXPECT_LT(cpu() - used, 200ms);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_NE(client.receive("</a>"), "");
}

TEST_F(WebServerTest, SaysWhyItCanNotListen) {
  const WebServer server(site, options());
  WebServerOptions taken = options();
  taken.endpoint = server.endpoint();
  try {
    const WebServer other(site, taken);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(),
              "can't listen on " + to_string(taken.endpoint) + ": Address already in use");
  }
}

}  // namespace
}  // namespace weir::io
