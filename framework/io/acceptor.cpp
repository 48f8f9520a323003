#include "io/acceptor.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <iterator>
#include <sys/socket.h>
#include <utility>

namespace weir::io {
namespace {

constexpr std::chrono::milliseconds first_accept_pause{20};
constexpr std::chrono::milliseconds longest_accept_pause{1000};

/// Whether it was only this client's: it has gone, or its network has. accept(2) lists them.
bool is_of_client(int error) {
  constexpr int errors[] = {EAGAIN,    EINTR,  ECONNABORTED, EPROTO,     ENOPROTOOPT, ENETDOWN,
                            EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};
  return std::find(std::begin(errors), std::end(errors), error) != std::end(errors);
}

}  // namespace

Acceptor::Acceptor(Loop& loop, std::function<bool()> has_place,
                   std::function<void(Descriptor)> admit)
    : has_place_(std::move(has_place)),
      admit_(std::move(admit)),
      watch_(loop),
      pause_(loop),
      next_pause_(first_accept_pause) {}

int Acceptor::open(Descriptor socket) { return watch_.open(std::move(socket)); }

void Acceptor::go_on() noexcept {
  if (is_waiting_ || pause_.is_set() || !watch_.is_open() || !has_place_()) return;
  try {
    watch_.when_readable([this] {
      is_waiting_ = false;
      accept();
      go_on();
    });
    is_waiting_ = true;
  } catch (const std::exception&) {
    // No memory for it: it is tried again when a connection ends.
  }
}

void Acceptor::accept() noexcept {
  Descriptor client(::accept4(watch_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  const int error = client ? 0 : errno;
  try {
    if (client) {
      next_pause_ = first_accept_pause;
      admit_(std::move(client));
    } else if (!is_of_client(error) || watch_.refused() != 0) {
      back_off();  // it would be readable again at once
    }
  } catch (const std::exception&) {
    // The client has gone already, or there is no memory: it sees that its connection is closed.
  }
}

void Acceptor::back_off() {
  pause_.set(Clock::now() + next_pause_, [this] { go_on(); });
  next_pause_ = std::min<Clock::duration>(2 * next_pause_, longest_accept_pause);
}

}  // namespace weir::io
