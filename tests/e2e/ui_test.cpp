/// A run's live page and metrics, from outside.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Holds the run until the test lets it go.
const char* const kHeld = R"(
  names: {source: list, items: [a, b]}
  work: {from: names, run: [sh, -c, 'echo "said $0"; echo at >at; read line <go', '${{ item }}'], limit: 1}
)";

class LivePage : public EndToEnd {
 protected:
  LivePage() : at(folder, "at"), go(folder, "go") {}

  void start(Strings arguments = {"--ui"}) {
    Start how;
    how.arguments = std::move(arguments);
    process = begin(kHeld, how);
    EXPECT_EQ(at.read_line(), "at");
    process->wait_for_error("live page: http://127.0.0.1:");
    process->wait_for_error("?token=");
  }
  /// The page's address is on the first line, which is there as a whole: it is written at once.
  void find_page(const std::string& url) {
    const std::string begin = "http://127.0.0.1:";
    const std::size_t slash = url.find('/', begin.size());
    port = url.substr(begin.size(), slash - begin.size());
    token = url.substr(url.find("token=") + 6);
  }
  Ended finish() {
    go.write_line("x");
    EXPECT_EQ(at.read_line(), "at");
    go.write_line("x");
    return process->wait();
  }

  std::string ask(const std::string& text) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_GT(::send(socket, text.data(), text.size(), MSG_NOSIGNAL), 0);
    std::string answer;
    char bytes[65536];
    for (ssize_t got = 1; got > 0;) {
      got = ::recv(socket, bytes, sizeof bytes, 0);
      if (got > 0) answer.append(bytes, static_cast<std::size_t>(got));
    }
    ::close(socket);
    return answer;
  }
  std::string get(const std::string& target) const {
    return ask("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port +
               "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n");
  }

  Signpost at, go;
  std::unique_ptr<Process> process;
  std::string port, token;
};

constexpr const char* kToken = "a-token-that-is-long-enough";

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

TEST_F(LivePage, ShowsTheRunAndItsLogsAndMetrics) {
  start({"--ui", "--ui-token", kToken});
  const std::string err = process->error_so_far();
  const std::size_t begin = err.find("http://");
  find_page(err.substr(begin, err.find('\n', begin) - begin));
  EXPECT_EQ(token, kToken);
  const Json data = Json::parse(body_of(get("/data")));
  EXPECT_EQ(data["mode"], "live");
  EXPECT_EQ(data["run"]["state"], "running");
  EXPECT_EQ(data["graph"]["nodes"].size(), 2U);
  EXPECT_EQ(data["nodes"][1]["running"], 1);
  EXPECT_EQ(data["running"][0]["item"], "a");
  EXPECT_NE(get("/metrics").find("\nweir_items_running{node=\"work\"} 1\n"), std::string::npos);
  EXPECT_TRUE(get("/log?node=work&item=1").ends_with("==> out <==\nsaid a\n"));
  EXPECT_EQ(get("/log?node=..&item=1").substr(0, 12), "HTTP/1.1 404");
  EXPECT_EQ(get("/log?node=work&item=../1").substr(0, 12), "HTTP/1.1 404");
  EXPECT_EQ(get("/?token=" + token).substr(0, 12), "HTTP/1.1 303");
  EXPECT_NE(get("/").find("<!doctype html>"), std::string::npos);
  std::string events;
  std::thread listener([&] { events = get("/events"); });
  EXPECT_EQ(finish().status, 0);
  listener.join();
  EXPECT_TRUE(events.empty() || events.find("HTTP/1.1 ") == 0);
}

TEST_F(LivePage, RefusesEveryMethodFromElsewhere) {
  start({"--ui", "--ui-token", kToken});
  const std::string err = process->error_so_far();
  const std::size_t begin = err.find("http://");
  find_page(err.substr(begin, err.find('\n', begin) - begin));
  const std::string host = "Host: 127.0.0.1:" + port + "\r\n";
  const std::string bearer = "Authorization: Bearer " + token + "\r\n";
  struct Case {
    const char* what;
    std::string headers;
    const char* status;
  };
  const Case cases[] = {
      {"bad Host", "Host: evil.example:" + port + "\r\n" + bearer, "403"},
      {"no Host", bearer, "403"},
      {"bad Origin", host + bearer + "Origin: http://evil.example\r\n", "403"},
      {"cross-site", host + bearer + "Sec-Fetch-Site: cross-site\r\n", "403"},
      {"no token", host, "401"},
      {"wrong token", host + "Authorization: Bearer " + std::string(32, '0') + "\r\n", "401"},
      {"wrong cookie", host + "Cookie: weir_" + port + "=" + std::string(32, '0') + "\r\n", "401"},
  };
  for (const char* const method : {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH",
                                   "TRACE", "CONNECT", "PROPFIND", "BREW"}) {
    for (const char* const path : {"/", "/events", "/data", "/metrics", "/log?node=work&item=1"}) {
      for (const Case& one : cases) {
        const std::string answer =
            ask(std::string(method) + " " + path + " HTTP/1.1\r\n" + one.headers + "\r\n");
        EXPECT_EQ(answer.substr(0, 12), std::string("HTTP/1.1 ") + one.status)
            << method << " " << path << ", " << one.what;
        EXPECT_EQ(answer.find("said"), std::string::npos);
      }
    }
    if (std::string(method) == "GET" || std::string(method) == "HEAD") continue;
    const std::string answer =
        ask(std::string(method) + " / HTTP/1.1\r\n" + host + bearer + "\r\n");
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 405") << method;
    EXPECT_NE(answer.find("\r\nAllow: GET, HEAD\r\n"), std::string::npos) << method;
  }
  EXPECT_EQ(finish().status, 0);
}

TEST_F(LivePage, IsRefusedWhereItCanNotBe) {
  const auto refused = [&](Strings arguments) {
    Start how;
    how.arguments = std::move(arguments);
    const Ended ended =
        run("  names: {source: list, items: [a]}\n  end: {from: names, sink: count}\n", how);
    EXPECT_EQ(ended.status, 2);
    return ended.err;
  };
  EXPECT_NE(refused({"--ui", "0.0.0.0:0"}).find("choose a token yourself"), std::string::npos);
  EXPECT_NE(refused({"--ui", "nonsense"}).find("is no PORT"), std::string::npos);
  EXPECT_NE(refused({"--ui", "--ui-token", "short"}).find("16 to 256"), std::string::npos);
  EXPECT_NE(refused({"--metrics-file", "no/such/file"}).find("metrics can't be written"),
            std::string::npos);
}

TEST_F(LivePage, MetricsFileHoldsHowTheRunEnded) {
  Start how;
  how.arguments = {"--metrics-file", "run.prom"};
  const Ended ended =
      run("  names: {source: list, items: [a, b]}\n  end: {from: names, sink: count}\n", how);
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(folder.read("run.prom").find("\nweir_items_done_total{node=\"end\"} 2\n"),
            std::string::npos);
  EXPECT_FALSE(folder.has("run.prom.part"));
}

}  // namespace
}  // namespace weir::e2e
