/// weir, where WEIR_FAULTS says which system calls fail: "pidfd_open 24 1 5" are its first five,
/// with error number 24; several are separated by ';'. Of read and write: those of pipes. "memory
/// FILE": there is none any more as soon as that file exists.

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <iterator>
#include <new>
#include <sstream>
#include <string>
#include <thread>

#include "cli/command_line.hpp"
#include "faults.hpp"
#include "nodes/builtin.hpp"

namespace {

using weir::io::test::Call;
using weir::io::test::Fault;

Call call_of(const std::string& name) {
  constexpr const char* names[] = {"read",    "write", "pipe",  "pidfd_open", "accept",
                                   "eventfd", "timer", "epoll", "epoll_ctl"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (name == names[i]) return static_cast<Call>(i);
  }
  std::abort();
}

/// In a thread that has nobody to catch it.
void run_out_of_memory(const std::filesystem::path& when) {
  while (!std::filesystem::exists(when)) std::this_thread::yield();
  throw std::bad_alloc();
}

std::deque<Fault> faults_of(const char* text) {
  std::deque<Fault> faults;
  std::istringstream lines(text == nullptr ? "" : text);
  for (std::string line; std::getline(lines, line, ';');) {
    std::istringstream words(line);
    std::string name;
    if (line.starts_with("memory ")) {
      std::thread(run_out_of_memory, line.substr(7)).detach();
      continue;
    }
    int error = 0;
    Fault::Which which;
    if (!(words >> name >> error >> which.first >> which.count)) std::abort();
    const Call call = call_of(name);
    const bool is_of_pipes = call == Call::read || call == Call::write;
    faults.emplace_back(call, error, which, is_of_pipes ? weir::io::test::is_pipe : nullptr);
  }
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  const std::deque<Fault> faults = faults_of(std::getenv("WEIR_FAULTS"));
  return weir::cli::run_command_line(argc, argv, weir::nodes::builtin);
}
