#include "io/spawn.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>

#include "faults.hpp"
#include "support.hpp"

namespace weir::io::test {
namespace {

/// As a page has it that many look at: connected sockets, all close-on-exec but the last one.
class Connections {
 public:
  explicit Connections(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      int ends[2];
      const int flags = SOCK_STREAM | (i + 1 < count ? SOCK_CLOEXEC : 0);
      if (::socketpair(AF_UNIX, flags, 0, ends) != 0) std::abort();
      for (const int end : ends) ends_.emplace_back(end);
    }
  }

  /// Whether each is still what it was.
  bool all_work() const {
    for (std::size_t i = 0; i < ends_.size(); i += 2) {
      char byte = 0;
      if (::send(ends_[i].get(), "x", 1, MSG_DONTWAIT) != 1) return false;
      if (::recv(ends_[i + 1].get(), &byte, 1, MSG_DONTWAIT) != 1) return false;
    }
    return true;
  }

 private:
  std::vector<Descriptor> ends_;
};

constexpr int no_descriptor = 1 << 30;

/// A Spawner and what it needs, with the program `true`.
struct Spawning {
  Descriptor null = open_null();
  Spawner spawner{null};
  const Environment environment = Environment::of_this_process();
  const Command program = command({"true"});
  sigset_t defaults;

  Spawning() { ::sigemptyset(&defaults); }

  SpawnEnd start(pid_t& pid) {
    Launch launch;
    EXPECT_EQ(prepare(program, environment, launch), "");
    return spawner.spawn(launch, {null.get(), no_descriptor, null.get()}, defaults, nullptr, pid);
  }
};

TEST(Spawn, GivesNoneOfManyConnectionsToACommand) {
  Reactor reactor;
  const Connections connections(200);
  const auto before = open_descriptors();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(run(reactor, command({"ls", "/proc/self/fd"})).result.out, "0\n1\n2\n3\n");
    EXPECT_EQ(open_descriptors(), before);
  }
  EXPECT_TRUE(connections.all_work());
}

TEST(Spawn, LeavesConnectionsAloneThatComeAndGoMeanwhile) {
  Reactor reactor;
  std::atomic<bool> is_over{false};
  std::atomic<int> broken{0};
  std::thread others([&] {
    while (!is_over) broken += Connections(20).all_work() ? 0 : 1;
  });
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(run(reactor, command({"printf", "x"})).result.out, "x");
  }
  is_over = true;
  others.join();
  EXPECT_EQ(broken, 0);
}

TEST(Spawn, HoldsNoPipeOfACommand) {
  ReactorOptions options;
  options.drain = 1h;  // an end that is not seen would be waited for
  Reactor reactor(options);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(run(reactor, command({"echo", "one"})).result.out, "one\n");
  }
  Command cat = command({"cat"});
  cat.has_input = true;
  cat.input = "all of it";
  EXPECT_EQ(run(reactor, cat).result.out, "all of it");
}

TEST(Spawn, KeepsTheLocksOfFiles) {
  const TemporaryFolder folder;
  const Descriptor file(::open(folder.write("locked", "x").c_str(), O_RDWR | O_CLOEXEC));
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  ASSERT_EQ(::fcntl(file.get(), F_SETLK, &lock), 0);
  EXPECT_TRUE(run(command({"true"})).result.ok());
  const pid_t other = ::fork();
  if (other == 0) ::_exit(::fcntl(file.get(), F_SETLK, &lock) != 0 ? 0 : 1);
  int status = 0;
  ::waitpid(other, &status, 0);
  EXPECT_EQ(status, 0) << "another process gets the lock";
}

TEST(Spawn, GoesWithoutWhatTheSystemRefuses) {
  const bool copies_few = Spawning().spawner.copies_few();
  for (const int error : {ENOSYS, EPERM, EINVAL}) {
    const Fault fault(Call::close_range, error);
    Reactor reactor;
    const Connections connections(20);
    const auto before = open_descriptors();
    EXPECT_EQ(run(reactor, command({"echo", "one"})).result.out, "one\n");
    EXPECT_EQ(run(reactor, command({"echo", "two"})).result.out, "two\n");
    EXPECT_EQ(open_descriptors(), before);
    EXPECT_TRUE(connections.all_work());
    if (copies_few) {
      EXPECT_EQ(fault.failed(), 3) << "it is asked once, and by each of the commands";
    }
  }
}

TEST(Spawn, WaitsForMemory) {
  if (!Spawning().spawner.copies_few()) GTEST_SKIP() << "no table is copied in part here";
  std::vector<std::string> notes;
  ReactorOptions options;
  options.note = [&](const std::string& line) { notes.push_back(line); };
  Reactor reactor(options);
  const Fault fault(Call::close_range, ENOMEM, {.first = 1, .count = 2});
  EXPECT_EQ(run(reactor, command({"echo", "one"})).result.out, "one\n");
  EXPECT_EQ(notes,
            (std::vector<std::string>{"no memory for more processes: fewer commands run at once"}));
}

TEST(Spawn, GoesWithoutDescriptorsThatItCannotHave) {
  const Descriptor null = open_null();
  const SoftLimit limit(RLIMIT_NOFILE, lowest_free_descriptor() + 2);
  const auto before = open_descriptors();
  const Spawner spawner(null);
  EXPECT_FALSE(spawner.copies_few());
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Spawn, LosesNothingWhenAStreamIsNone) {
  Spawning spawning;
  if (!spawning.spawner.copies_few()) GTEST_SKIP() << "vfork may be a fork here";
  const auto before = open_descriptors();
  pid_t pid = 0;
  EXPECT_EQ(spawning.start(pid).error, EBADF);
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_TRUE(children_of_this_process().empty());
}

}  // namespace
}  // namespace weir::io::test
