#include <cerrno>

#include "support.hpp"

namespace weir::e2e {
namespace {

/// Runs in which the system fails weir (weir_with_faults.cpp).
class Faults : public EndToEnd {
 protected:
  Ended run_with(const std::string& faults, const std::string& nodes) {
    folder.write("test.yaml", pipeline(nodes));
    return Process(WEIR_WITH_FAULTS, {.arguments = {"run", "test.yaml", "--summary-file",
                                                    "summary.json", "--run-dir", "run"},
                                      .environment = {{"WEIR_FAULTS", faults}},
                                      .folder = folder.path()})
        .wait();
  }
};

TEST_F(Faults, OutputThatCannotBeReadFailsItsItem) {
  const Ended ended =
      run_with("read " + std::to_string(EIO) + " 2 1",
               "a: {source: range, to: 2}\n"
               "b: {from: a, limit: 1, shell: 'echo begun; sleep 0.1; echo ended'}");
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_NE(ended.err.find("the command's standard output can't be read any more (Input/output "
                           "error): the rest of it is lost"),
            std::string::npos)
      << ended.err;
  const Json b = summary().at("nodes").at("b");
  EXPECT_EQ(b.at("done"), 1);
  EXPECT_EQ(b.at("failed"), 1);
  EXPECT_EQ(folder.read("run/logs/b/1.out"), "begun\n");
  EXPECT_EQ(folder.read("run/logs/b/2.out"), "begun\nended\n");
}

TEST_F(Faults, InputThatCannotBeWrittenFailsItsItem) {
  const Ended ended = run_with("write " + std::to_string(EIO) + " 1 1",
                               "a: {source: range, to: 2}\n"
                               "b: {from: a, run: [cat], stdin: item, emit: stdout}\n"
                               "c: {from: b, sink: lines, path: out}");
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_NE(ended.err.find("standard input can't be written (Input/output error)"),
            std::string::npos)
      << ended.err;
  EXPECT_EQ(summary().at("nodes").at("b").at("failed"), 1);
}

TEST_F(Faults, OfMemoryAreSaidAndLeaveNothing) {
  const Mark mark;
  folder.write("test.yaml",
               pipeline("a: {source: range, to: 1}\n"
                        "b: {from: a, shell: 'setsid sleep 1000 & touch begun; sleep 1000'}"));
  const Ended ended =
      Process(WEIR_WITH_FAULTS, {.arguments = {"run", "-q", "test.yaml"},
                                 .environment = {{"WEIR_FAULTS", "memory begun"}, mark.entry()},
                                 .folder = folder.path()})
          .wait();
  EXPECT_EQ(ended.signal, 0);
  EXPECT_EQ(ended.status, 3);
  EXPECT_EQ(ended.err,
            "weir: error: there is no memory left for weir (ulimit -v, a control group): it ends "
            "at once, without a summary\n");
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!mark.bearers().empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_EQ(mark.bearers(), Strings());
}

}  // namespace
}  // namespace weir::e2e
