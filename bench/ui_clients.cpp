// Those who look at a run, for bench/ui.py, as cheap as they can be: what they take of the machine,
// they take from the run. Usage: ui_clients PORT TOKEN STREAMS IDLE
//
// Opens event streams, and connections that have asked for something once and then keep silent;
// writes "open" when all have been answered; reads what comes until its standard input ends, then
// writes {"bytes", "cpu_seconds", "events": [of each stream]}, since "open".

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

struct Client {
  int socket = -1;
  bool is_stream = false;
  bool is_answered = false;
  bool ends_with_newline = false;  // what has been read of it: an event ends with two
  std::uint64_t events = 0;
};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int connected(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  return made;
}

double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

class Clients {
 public:
  Clients(std::uint16_t port, const std::string& token) : port_(port), token_(token) {
    if (epoll_ < 0) fail("epoll_create1");
    watch(STDIN_FILENO, kInput);
  }

  void open(std::size_t streams, std::size_t idle) {
    clients_.resize(streams + idle);
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      Client& client = clients_[i];
      client.is_stream = i < streams;
      client.socket = connected(port_);
      ask(client);
      watch(client.socket, i);
    }
  }

  // Until standard input has ended.
  void read_all() {
    std::array<epoll_event, 256> ready{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), -1);
      if (count < 0 && errno != EINTR) fail("epoll_wait");
      for (int i = 0; i < count; ++i) {
        const std::uint64_t which = ready[static_cast<std::size_t>(i)].data.u64;
        if (which == kInput) return;
        read(clients_[which]);
      }
    }
  }

  void say() const {
    std::printf("{\"bytes\": %llu, \"cpu_seconds\": %.4f, \"events\": [",
                static_cast<unsigned long long>(bytes_), cpu_seconds() - cpu_at_open_);
    const char* separator = "";
    for (const Client& client : clients_) {
      if (!client.is_stream) continue;
      std::printf("%s%llu", separator, static_cast<unsigned long long>(client.events));
      separator = ", ";
    }
    std::printf("]}\n");
  }

 private:
  static constexpr std::uint64_t kInput = ~std::uint64_t{0};

  void watch(int descriptor, std::uint64_t which) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = which;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
  }

  void ask(const Client& client) {
    const std::string request = std::string(client.is_stream ? "GET /events" : "HEAD /") +
                                " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                                "\r\nAuthorization: Bearer " + token_ + "\r\n\r\n";
    if (::send(client.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      fail("send");
    }
  }

  void read(Client& client) {
    const ssize_t got = ::recv(client.socket, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      ::close(client.socket);  // the run is over
      return;
    }
    const std::string_view text(buffer_.data(), static_cast<std::size_t>(got));
    if (!client.is_answered) return take_answer(client, text);
    if (!is_open_) return;
    bytes_ += text.size();
    count_events(client, text);
  }

  void take_answer(Client& client, std::string_view text) {
    if (!text.starts_with("HTTP/1.1 200 ")) {
      throw std::runtime_error("refused: " + std::string(text.substr(0, text.find('\r'))));
    }
    client.is_answered = true;
    if (++answered_ < clients_.size()) return;
    is_open_ = true;
    cpu_at_open_ = cpu_seconds();
    std::puts("open");
    std::fflush(stdout);
  }

  // Events have no other empty lines in them.
  static void count_events(Client& client, std::string_view text) {
    if (client.ends_with_newline && text.front() == '\n') ++client.events;
    for (std::size_t at = text.find("\n\n"); at != text.npos; at = text.find("\n\n", at + 2)) {
      ++client.events;
    }
    client.ends_with_newline = text.ends_with('\n') && !text.ends_with("\n\n");
  }

  const std::uint16_t port_;
  const std::string token_;
  const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Client> clients_;
  std::vector<char> buffer_ = std::vector<char>(std::size_t{1} << 18U);
  std::size_t answered_ = 0;
  bool is_open_ = false;
  std::uint64_t bytes_ = 0;
  double cpu_at_open_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: ui_clients PORT TOKEN STREAMS IDLE\n", stderr);
    return 2;
  }
  try {
    Clients clients(static_cast<std::uint16_t>(std::stoi(argv[1])), argv[2]);
    clients.open(std::stoul(argv[3]), std::stoul(argv[4]));
    clients.read_all();
    clients.say();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ui_clients: %s\n", error.what());
    return 1;
  }
}
