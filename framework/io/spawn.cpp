#include "io/spawn.hpp"

#include <spawn.h>
#include <unistd.h>

extern "C" {  // glibc 2.36's header lacks it
#include <sys/pidfd.h>
}

namespace weir::io {

namespace {

struct Attributes {
  posix_spawnattr_t value;
  int error = ::posix_spawnattr_init(&value);
  ~Attributes() {
    if (error == 0) ::posix_spawnattr_destroy(&value);
  }
};

struct Actions {
  posix_spawn_file_actions_t value;
  int error = ::posix_spawn_file_actions_init(&value);
  ~Actions() {
    if (error == 0) ::posix_spawn_file_actions_destroy(&value);
  }
};

int fill(posix_spawn_file_actions_t* actions, const Launch& launch,
         const StandardStreams& streams) {
  int error = ::posix_spawn_file_actions_adddup2(actions, streams.in, STDIN_FILENO);
  if (error == 0) error = ::posix_spawn_file_actions_adddup2(actions, streams.out, STDOUT_FILENO);
  if (error == 0) error = ::posix_spawn_file_actions_adddup2(actions, streams.err, STDERR_FILENO);
  // All of ours are close-on-exec; what other code of this process opens may not be.
  if (error == 0) error = ::posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
  if (error == 0 && !launch.directory.empty()) {
    error = ::posix_spawn_file_actions_addchdir_np(actions, launch.directory.c_str());
  }
  return error;
}

int fill(posix_spawnattr_t* attributes, const sigset_t& defaults) {
  sigset_t none;
  ::sigemptyset(&none);
  int error = ::posix_spawnattr_setflags(
      attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (error == 0) error = ::posix_spawnattr_setpgroup(attributes, 0);
  if (error == 0) error = ::posix_spawnattr_setsigmask(attributes, &none);
  if (error == 0) error = ::posix_spawnattr_setsigdefault(attributes, &defaults);
  return error;
}

}  // namespace

int spawn(const Launch& launch, const StandardStreams& streams, const sigset_t& defaults,
          pid_t& pid) {
  Attributes attributes;
  if (attributes.error != 0) return attributes.error;
  if (const int error = fill(&attributes.value, defaults); error != 0) return error;
  Actions actions;
  if (actions.error != 0) return actions.error;
  if (const int error = fill(&actions.value, launch, streams); error != 0) return error;
  return ::posix_spawn(&pid, launch.program.c_str(), &actions.value, &attributes.value,
                       launch.argv.data(), launch.environment.data());
}

Descriptor open_pidfd(pid_t pid) { return Descriptor(::pidfd_open(pid, 0)); }

}  // namespace weir::io
