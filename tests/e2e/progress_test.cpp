// What a run shows at a terminal, while it goes on and when it is over.

#include <algorithm>
#include <csignal>

#include "screen.hpp"
#include "support.hpp"
#include "terminal.hpp"

namespace weir::e2e {
namespace {

constexpr unsigned short kColumns = 80;
constexpr unsigned short kRows = 24;

class Progress : public EndToEnd {
 protected:
  /// `weir run test.yaml` by a shell with job control, and what the script does behind that.
  std::unique_ptr<Terminal> begin_at_terminal(const std::string& nodes,
                                              const std::string& behind = "",
                                              const std::string& options = "") {
    folder.write("test.yaml", pipeline(nodes));
    folder.write("script.sh",
                 "trap : INT\n$WEIR run test.yaml " + options + "\necho shell: $?\n" + behind);
    return std::make_unique<Terminal>(
        Strings{"/bin/bash", "-m", "script.sh"},
        Start{.environment = {{"WEIR", WEIR_BINARY}, {"TERM", "xterm"}, {"NO_COLOR", "1"}},
              .folder = folder.path()},
        kColumns, kRows);
  }

  static Strings lines_on(Screen& screen, const Terminal& terminal) {
    screen.feed(terminal.screen());
    EXPECT_TRUE(screen.wraps());
    return screen.lines();
  }

  static Strings lines_on(const Terminal& terminal) {
    Screen screen(kColumns, kRows);
    return lines_on(screen, terminal);
  }

  static std::size_t find(const Strings& lines, const std::string& text) {
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const std::string& of) {
      return of.find(text) != std::string::npos;
    });
    return static_cast<std::size_t>(line - lines.begin());
  }

  static std::string joined(const Strings& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
  }

  /// Nothing of a frame is left among them.
  static void expect_no_remains(const Strings& lines) {
    for (const char* text : {"elapsed", "bottleneck", "running   ", "once more ends"}) {
      EXPECT_EQ(find(lines, text), lines.size()) << joined(lines);
    }
  }
};

const char* const kWaiting = R"(
a: {source: range, to: 8}
b: {from: a, shell: 'echo $N; test $N != 5 || { echo started >started; read LINE <go; }', env: {N: "${{ item }}"}, limit: 1, emit: stdout}
c: {from: b, sink: print})";

TEST_F(Progress, LeavesTheSinksLinesAndTheSummary) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto terminal = begin_at_terminal(kWaiting);
  started.read_line();
  terminal->wait_for("the bottleneck: bound by its limit");
  terminal->wait_for("elapsed");
  go.write_line("go");
  terminal->wait_for("shell: 0");
  terminal->wait_for_end();
  const Strings lines = lines_on(*terminal);
  ASSERT_GT(lines.size(), 10U) << joined(lines);
  EXPECT_EQ(Strings(lines.begin(), lines.begin() + 8),
            (Strings{"1", "2", "3", "4", "5", "6", "7", "8"}))
      << joined(lines);
  EXPECT_TRUE(lines[8].starts_with("node  in  done")) << joined(lines);
  EXPECT_TRUE(lines.back().starts_with("shell: 0")) << joined(lines);
  EXPECT_EQ(lines.size(), 14U) << joined(lines);
}

TEST_F(Progress, KnowsFromTheStartHowMuchThereIsToDo) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  // The source is held back: it has not ended.
  std::string nodes = kWaiting;
  nodes.replace(nodes.find("to: 8"), 5, "to: 8, max_in_flight: 1");
  const auto terminal = begin_at_terminal(nodes);
  started.read_line();
  terminal->wait_for("5/8 ");  // the source has made five
  terminal->wait_for("4/8 ");  // and four of them are done
  go.write_line("go");
  terminal->wait_for("shell: 0");
}

TEST_F(Progress, ShowsFailuresAboveTheFrame) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto terminal = begin_at_terminal(
      "a: {source: range, to: 3}\n"
      "b: {from: a, limit: 1, shell: 'echo line $N; test $N != 2 || exit 7; test $N != 3 || { echo "
      ">started; read LINE <go; }', env: {N: \"${{ item }}\"}}");
  started.read_line();
  terminal->wait_for("elapsed");
  terminal->wait_for("1  ");  // a frame with the failure
  go.write_line("go");
  terminal->wait_for("shell: 1");
  terminal->wait_for_end();
  const Strings lines = lines_on(*terminal);
  EXPECT_EQ(find(lines, "[b 1]"), 0U) << joined(lines);
  EXPECT_EQ(find(lines, "line 1"), 1U);
  EXPECT_EQ(find(lines, "[b 2]"), 2U);
  EXPECT_EQ(find(lines, "line 2"), 3U);
  EXPECT_EQ(find(lines, "failed "), 4U);
  EXPECT_EQ(find(lines, "    | line 2"), lines.size()) << "shown twice";
  expect_no_remains(lines);
}

TEST_F(Progress, AfterCtrlCSaysWhatItWaitsForAndHowToForceIt) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto terminal = begin_at_terminal(kWaiting);
  started.read_line();
  terminal->wait_for("elapsed");
  terminal->type("\x03");
  terminal->wait_for("weir is stopping: waits for 1 item of b");
  terminal->wait_for("Ctrl-C once more ends what runs");
  go.write_line("go");
  terminal->wait_for("shell: 130");
  terminal->wait_for_end();
  const Strings lines = lines_on(*terminal);
  expect_no_remains(lines);
  EXPECT_LT(find(lines, "4"), find(lines, "node  in")) << joined(lines);
  EXPECT_LT(find(lines, "stopped in"), lines.size()) << joined(lines);
}

TEST_F(Progress, IsThereAgainAfterCtrlZAndFg) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto terminal = begin_at_terminal(kWaiting, "read LINE\nfg\necho shell again: $?\n");
  started.read_line();
  terminal->wait_for("elapsed");
  terminal->type("\x1a");
  terminal->wait_for("shell: 148");
  {
    const Strings lines = lines_on(*terminal);
    expect_no_remains(lines);
    EXPECT_TRUE(lines.back().starts_with("shell: 148")) << joined(lines);
  }
  terminal->type("\n");
  terminal->wait_for("elapsed");
  go.write_line("go");
  terminal->wait_for("shell again: 0");
  terminal->wait_for_end();
  const Strings lines = lines_on(*terminal);
  expect_no_remains(lines);
  EXPECT_LT(find(lines, "shell: 148"), find(lines, "6")) << joined(lines);
}

TEST_F(Progress, OverwritesNothingAfterASigstop) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  std::string nodes = kWaiting;
  nodes.replace(nodes.find("echo started >"), 14, "echo $PPID >");
  const auto terminal = begin_at_terminal(nodes, "read LINE\nfg\necho shell again: $?\n");
  const pid_t weir = std::stoi(started.read_line());
  terminal->wait_for("elapsed");
  kill(weir, SIGSTOP);
  terminal->wait_for("shell: 147");
  const std::size_t before = lines_on(*terminal).size();
  const std::string above = joined(lines_on(*terminal));
  terminal->type("\n");
  terminal->wait_for("elapsed");
  const Strings lines = lines_on(*terminal);
  ASSERT_GT(lines.size(), before) << joined(lines);
  EXPECT_EQ(joined(Strings(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(before))),
            above)
      << joined(lines);
  go.write_line("go");
  terminal->wait_for("shell again: 0");
  terminal->wait_for_end();
  const Strings at_end = lines_on(*terminal);
  EXPECT_NE(std::find(at_end.begin() + static_cast<std::ptrdiff_t>(before), at_end.end(), "8"),
            at_end.end())
      << joined(at_end);
  EXPECT_TRUE(at_end.back().starts_with("shell again: 0")) << joined(at_end);
  const auto frames = std::count_if(at_end.begin(), at_end.end(), [](const std::string& line) {
    return line.find("elapsed") != std::string::npos;
  });
  EXPECT_EQ(frames, 1) << "the one that was there when it was stopped\n" << joined(at_end);
}

TEST_F(Progress, TakesItsSizeFromTheEnvironmentWhereTheTerminalDoesNotSay) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  folder.write("test.yaml", pipeline(kWaiting));
  Terminal terminal(
      Strings{WEIR_BINARY, "run", "test.yaml"},
      Start{
          .environment = {{"TERM", "xterm"}, {"NO_COLOR", "1"}, {"COLUMNS", "30"}, {"LINES", "10"}},
          .folder = folder.path()});
  started.read_line();
  terminal.wait_for("elapsed");  // no table: it is too narrow for one
  EXPECT_EQ(terminal.screen().find("bottleneck"), std::string::npos) << terminal.screen();
  go.write_line("go");
  terminal.wait_for("done in");
}

TEST_F(Progress, FollowsTheSizeOfTheTerminal) {
  Signpost started(folder, "started");
  Signpost go(folder, "go");
  const auto terminal = begin_at_terminal(kWaiting);
  started.read_line();
  terminal->wait_for("the bottleneck");
  terminal->resize(40, 12);
  const std::size_t before = terminal->screen().size();
  terminal->wait_for("elapsed");  // one that may be on its way yet
  terminal->wait_for("elapsed");
  terminal->wait_for("elapsed");
  go.write_line("go");
  terminal->wait_for("shell: 0");
  terminal->wait_for_end();
  Screen screen(kColumns, kRows);
  screen.feed(terminal->screen().substr(0, before));
  screen.resize(40, 12);
  screen.feed(terminal->screen().substr(before));
  const Strings lines = screen.lines();
  for (const std::string& line : lines) EXPECT_LE(line.size(), 40U) << joined(lines);
  EXPECT_EQ(find(lines, "bottleneck"), lines.size()) << joined(lines);
  EXPECT_LT(find(lines, "8"), find(lines, "node  in")) << joined(lines);
}

TEST_F(Progress, IsPlainAtADumbTerminal) {
  folder.write("test.yaml", pipeline("a: {source: range, to: 2}\nb: {from: a, run: ['true']}"));
  Terminal terminal(Strings{WEIR_BINARY, "run", "test.yaml"},
                    Start{.environment = {{"TERM", "dumb"}}, .folder = folder.path()}, 80, 24);
  terminal.wait_for("done in");
  EXPECT_NE(terminal.screen().find("[b 1/"), std::string::npos);
  EXPECT_EQ(terminal.screen().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace weir::e2e
