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

constexpr const char* kToken = "a-token-that-is-long-enough";

class LivePage : public EndToEnd {
 protected:
  LivePage() : at(folder, "at"), go(folder, "go") {}

  void start(Strings arguments, const char* pipeline = kHeld) {
    Start how;
    how.arguments = std::move(arguments);
    start_so(how, pipeline);
  }
  void start_so(const Start& how, const char* pipeline = kHeld) {
    process = begin(pipeline, how);
    EXPECT_EQ(at.read_line(), "at");
    process->wait_for_error("live page: http://127.0.0.1:");
    process->wait_for_error("?token=");
    find_page(process->error_so_far());
  }
  /// The page's address is on the first line, which is there as a whole: it is written at once.
  void find_page(const std::string& err) {
    const std::string begin = "http://127.0.0.1:";
    const std::size_t at_port = err.find(begin) + begin.size();
    port = err.substr(at_port, err.find('/', at_port) - at_port);
    line = err.substr(0, err.find('\n'));
    const std::string label = "/?token=";
    const std::size_t at_token = line.find(label);
    token = at_token == line.npos ? kToken : line.substr(at_token + label.size());
  }
  Ended finish() {
    go.write_line("x");
    EXPECT_EQ(at.read_line(), "at");
    go.write_line("x");
    return process->wait();
  }

  /// Gives the connection.
  int send(const std::string& text) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_GT(::send(socket, text.data(), text.size(), MSG_NOSIGNAL), 0);
    return socket;
  }
  /// Until `text` has this, or the end has come.
  static void read(int socket, std::string& text, const std::string& until) {
    char bytes[65536];
    while (until.empty() || text.find(until) == text.npos) {
      const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      text.append(bytes, static_cast<std::size_t>(got));
    }
  }
  std::string ask(const std::string& text) const {
    const int socket = send(text);
    std::string answer;
    read(socket, answer, "");
    ::close(socket);
    return answer;
  }
  std::string get(const std::string& target) const {
    return ask("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port +
               "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n");
  }

  /// The page's data when weir, too, knows that the command has begun, which says so itself.
  Json data_in_work() const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
      const std::string answer = get("/data");
      Json data = Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
      if (!data.at("running").empty() || std::chrono::steady_clock::now() > deadline) return data;
    }
  }

  Signpost at, go;
  std::unique_ptr<Process> process;
  std::string port, token;
  std::string line;  // that the page's address is on
};

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

/// Without the one that says that it is over.
std::vector<Json> events_of(const std::string& answer) {
  std::vector<Json> events;
  const std::string begin = "data: ";
  bool is_end = false;
  for (const std::string& line : lines_of(body_of(answer))) {
    if (line.starts_with("event: ")) is_end = true;
    if (line.starts_with(begin) && !is_end) {
      events.push_back(Json::parse(line.substr(begin.size())));
    }
  }
  return events;
}

TEST_F(LivePage, ShowsTheRunAndItsLogsAndMetrics) {
  start({"--ui", "--ui-token", kToken});
  const Json data = data_in_work();
  EXPECT_EQ(data["mode"], "live");
  EXPECT_EQ(data["run"]["state"], "running");
  EXPECT_EQ(data["graph"]["nodes"].size(), 2U);
  EXPECT_EQ(data["nodes"][1]["running"], 1);
  EXPECT_EQ(data["running"].at(0)["item"], "a");
  EXPECT_NE(get("/metrics").find("\nweir_items_running{node=\"work\"} 1\n"), std::string::npos);
  // What the command has written is in the log when weir has read it, which nobody tells.
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::string log;
  do {
    log = get("/log?node=work&item=1");
  } while (!log.ends_with("==> out <==\nsaid a\n") && std::chrono::steady_clock::now() < deadline);
  EXPECT_TRUE(log.ends_with("==> out <==\nsaid a\n")) << log;
  EXPECT_EQ(get("/log?node=..&item=1").substr(0, 12), "HTTP/1.1 404");
  EXPECT_EQ(get("/log?node=work&item=../1").substr(0, 12), "HTTP/1.1 404");
  EXPECT_EQ(get("/log?node=work&item=-1").substr(0, 12), "HTTP/1.1 404");
  EXPECT_EQ(get("/?token=" + token).substr(0, 12), "HTTP/1.1 303");
  EXPECT_NE(get("/").find("<!doctype html>"), std::string::npos);
  EXPECT_EQ(finish().status, 0);
}

TEST_F(LivePage, GivesLogsByNumberAlsoWhereTextsAreNumbers) {
  start({"--ui", "--ui-token", kToken}, R"(
  names: {source: list, items: ['2', '1', x, hush, hold]}
  work:
    from: names
    limit: 1
    env: {ITEM: "${{ item }}"}
    shell: |
      case $ITEM in
        hush) ;;
        hold) echo at >at; read line <go ;;
        *) echo "said $ITEM"; exit 1 ;;
      esac
)");
  // What happened a moment ago is known in a moment.
  const auto until = [&](const std::string& target, const std::string& wanted) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::string answer;
    do {
      answer = get(target);
    } while (answer.find(wanted) == answer.npos && std::chrono::steady_clock::now() < deadline);
    return answer;
  };
  until("/data", "\"failures_total\":3");
  EXPECT_EQ(body_of(get("/log?node=work&item=1")), "==> out <==\nsaid 2\n");
  EXPECT_EQ(body_of(get("/log?node=work&item=2")), "==> out <==\nsaid 1\n");
  EXPECT_EQ(body_of(get("/log?node=work&item=x")), "==> out <==\nsaid x\n");
  for (const char* const silent : {"4", "5"}) {
    const std::string answer = until(std::string("/log?node=work&item=") + silent, " 200 ");
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 200") << silent;
    EXPECT_EQ(body_of(answer), "");
  }
  for (const char* const none : {"6", "0", "99999999999999999999", "y"}) {
    const std::string answer = get(std::string("/log?node=work&item=") + none);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 404") << none;
  }
  EXPECT_EQ(get("/log?node=names&item=1").substr(0, 12), "HTTP/1.1 404");
  go.write_line("x");
  EXPECT_EQ(process->wait().status, 1);
}

TEST_F(LivePage, TellsWhoListensHowItGoesOnUntilTheEnd) {
  start({"--ui", "--ui-token", kToken});
  std::string text;
  const int socket = send("GET /events HTTP/1.1\r\nHost: 127.0.0.1:" + port +
                          "\r\nAuthorization: Bearer " + token + "\r\n\r\n");
  read(socket, text, "\"item\":\"a\",\"number\":1");
  go.write_line("x");
  EXPECT_EQ(at.read_line(), "at");
  read(socket, text, "\"item\":\"b\",\"number\":2");
  go.write_line("x");
  EXPECT_EQ(process->wait().status, 0);
  read(socket, text, "");
  ::close(socket);

  const std::vector<Json> events = events_of(text);
  ASSERT_GE(events.size(), 3U) << text;
  EXPECT_EQ(events.front().at("graph").at("nodes").size(), 2U);
  int done = 0;
  double seconds = 0;
  Strings running;  // each once, in order
  for (const Json& event : events) {
    EXPECT_EQ(event.contains("graph"), &event == &events.front());
    EXPECT_EQ(event.contains("failures"), &event == &events.front() || &event == &events.back());
    const Json& node = event.at("nodes").at(1);
    EXPECT_GE(node.at("done"), done);
    EXPECT_GE(event.at("run").at("seconds"), seconds);
    done = node.at("done");
    seconds = event.at("run").at("seconds");
    for (const Json& item : event.at("running")) {
      if (running.empty() || running.back() != item.at("item")) running.push_back(item.at("item"));
    }
  }
  EXPECT_EQ(running, (Strings{"a", "b"}));
  EXPECT_EQ(done, 2);
  EXPECT_EQ(events.back().at("run").at("state"), "done");
  EXPECT_EQ(events.back().at("run").at("exit_code"), 0);
  EXPECT_TRUE(text.ends_with("event: end\ndata: {}\n\n"));
}

TEST_F(LivePage, ShowsItemsInWorkOfARunThatKeepsNothing) {
  start({"--ui", "--ui-token", kToken, "--no-run-dir"});
  EXPECT_EQ(data_in_work()["running"].at(0)["item"], "a");
  EXPECT_EQ(finish().status, 0);
}

TEST_F(LivePage, DoesNotGiveItsTokenToCommands) {
  const auto seen = [&](Strings arguments) {
    Start how;
    how.arguments = std::move(arguments);
    how.environment = {{"WEIR_UI_TOKEN", kToken}};
    const Ended ended = run(R"(
  names: {source: list, items: [a]}
  work: {from: names, run: [sh, -c, 'echo "$${WEIR_UI_TOKEN-none}" >seen']}
)",
                            how);
    EXPECT_EQ(ended.status, 0) << ended.err;
    return folder.read("seen");
  };
  EXPECT_EQ(seen({}), "none\n");
  EXPECT_EQ(seen({"--ui"}), "none\n");
  EXPECT_EQ(seen({"--ui", "--ui-token", "another-that-is-long-enough"}), "none\n");
}

TEST_F(LivePage, ShowsItsTokenOnlyIfNobodyChoseIt) {
  start({"--ui"});
  EXPECT_EQ(line, "weir: live page: http://127.0.0.1:" + port + "/?token=" + token);
  EXPECT_EQ(token.size(), 32U);
  EXPECT_EQ(get("/data").substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(finish().status, 0);
  folder.write("secret", std::string(kToken) + "\n");
  struct Case {
    Strings arguments;
    bool is_variable;
    std::string source;
  };
  for (const Case& one : {Case{{"--ui", "--ui-token", kToken}, false, "--ui-token"},
                          Case{{"--ui", "--ui-token", "@secret"}, false, "'secret'"},
                          Case{{"--ui"}, true, "WEIR_UI_TOKEN"}}) {
    Start how;
    how.arguments = one.arguments;
    if (one.is_variable) how.environment = {{"WEIR_UI_TOKEN", kToken}};
    start_so(how);
    EXPECT_EQ(line, "weir: live page: http://127.0.0.1:" + port +
                        "/ (with ?token= and the token of " + one.source + ")");
    EXPECT_EQ(get("/data").substr(0, 12), "HTTP/1.1 200");
    const Ended ended = finish();
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ((ended.out + ended.err).find(kToken), std::string::npos);
  }
}

TEST_F(LivePage, RefusesEveryMethodFromElsewhere) {
  start({"--ui", "--ui-token", kToken});
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
    EXPECT_FALSE(folder.has(".weir"));
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
