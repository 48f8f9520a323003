/// The least that starting N processes takes, M at a time: a loop of posix_spawn and wait, which
/// catches no output, notes nothing and can't be stopped.
///
/// Usage: spawn_floor N M

#include <cstdlib>
#include <iostream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: spawn_floor N M\n";
    return 2;
  }
  const long items = std::atol(arguments[1]);
  const long most = std::atol(arguments[2]);
  char program[] = "/bin/true";
  char* argv[] = {program, nullptr};
  long running = 0;
  for (long i = 0; i < items; ++i) {
    if (running == most) {
      wait(nullptr);
      --running;
    }
    pid_t pid = 0;
    if (posix_spawn(&pid, program, nullptr, nullptr, argv, environ) != 0) return 1;
    ++running;
  }
  while (running-- > 0) wait(nullptr);
  return 0;
}
