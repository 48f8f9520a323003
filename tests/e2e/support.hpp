#pragma once

/// What the end-to-end tests share: the weir program as a child process in a folder of its own.

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <gtest/gtest.h>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/types.h>
#include <thread>
#include <utility>
#include <vector>

namespace weir::e2e {

using Json = nlohmann::ordered_json;
using Strings = std::vector<std::string>;

/// Longer than anything should take, even with sanitizers on a loaded machine. Whoever waits longer
/// throws, which fails the test.
inline constexpr std::chrono::seconds kPatience{100};

std::string read_file(const std::filesystem::path& path);
/// Without the newline that the last one may end in.
Strings lines_of(const std::string& text);

/// A fresh folder, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ / name; }
  std::string write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const { return read_file(path_ / name); }
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

 private:
  std::filesystem::path path_;
};

/// A named pipe. Commands write lines to it, the test waits for them; or the other way round.
class Signpost {
 public:
  Signpost(const Folder& folder, const std::string& name);
  ~Signpost();
  Signpost(const Signpost&) = delete;
  Signpost& operator=(const Signpost&) = delete;

  /// Waits for a line, and gives it without its newline.
  std::string read_line();
  void write_line(const std::string& line);

 private:
  int descriptor_;
  std::string read_;  // beyond the line that was given last
};

/// What a program is started with.
struct Start {
  Strings arguments = {};
  /// On top of the environment of the tests.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string input = {};             ///< all of its stdin, or what comes first if that stays open
  bool input_stays_open = false;      ///< until `Process::close_input`
  bool output_is_closed = false;      ///< its stdout is a pipe that nobody reads
  std::filesystem::path folder = {};  ///< to run in; empty: the fixture's own
};

struct Ended {
  int status = -1;  ///< exit status
  int signal = 0;   ///< what killed it, or 0
  std::string out;
  std::string err;
};

/// A program that is under way, in a process group of its own. Killed at the end, if it still runs.
class Process {
 public:
  Process(const std::string& program, const Start& start);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Block until it has written this; throw if it ends before.
  void wait_for_output(const std::string& text) { wait_for(out_, text); }
  void wait_for_error(const std::string& text) { wait_for(err_, text); }
  /// What it has written until now.
  std::string error_so_far();
  void send(int signal) const;
  pid_t pid() const { return pid_; }
  /// Blocks until it is stopped (SIGSTOP, SIGTSTP).
  void wait_until_stopped() const;
  /// More input, behind `Start::input`, which must say that it stays open.
  void write(const std::string& text);
  void close_input();
  Ended wait();

 private:
  struct Stream {
    int descriptor = -1;
    std::string text;
    std::thread reader;
    bool ended = false;
  };

  void read(Stream& stream);
  void wait_for(Stream& stream, const std::string& text);

  pid_t pid_ = -1;
  int input_ = -1;
  bool reaped_ = false;
  std::thread writer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Stream out_;
  Stream err_;
};

/// A pipeline file of these nodes, `  name: {…}` or not indented.
std::string pipeline(const std::string& nodes);

/// Runs weir in a folder of its own.
class EndToEnd : public testing::Test {
 protected:
  Ended weir(Start start);
  /// Writes `nodes` as test.yaml and does `weir run test.yaml` with it; the arguments come behind.
  Ended run(const std::string& nodes, Start start = {});
  /// The same by a shell that redirects: `<&-`, `>out`.
  Ended run_in_shell(const std::string& redirection, const std::string& nodes);
  /// The same, without waiting for its end.
  std::unique_ptr<Process> begin(const std::string& nodes, Start start = {});
  /// What the run's `--summary-file summary.json` says. Checks that every node's accounts balance.
  Json summary() const;

  Folder folder;

 private:
  Start in_folder(Start start) const;
};

/// Lives in the environment of a program and of all that comes of it.
class Mark {
 public:
  Mark();
  std::pair<std::string, std::string> entry() const { return {"WEIR_TEST_MARK", value_}; }
  /// The command lines of all processes that bear it. Zombies don't.
  Strings bearers() const;

 private:
  std::string value_;
};

}  // namespace weir::e2e
