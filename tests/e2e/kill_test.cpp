#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "journal/history.hpp"
#include "support.hpp"

namespace weir::e2e {
namespace {

int number_of(const char* variable, int fallback) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? fallback : std::atoi(text);
}

/// A run of 200 items that is killed with -9 at random moments, and resumed each time, until it
/// gets to its end. WEIR_KILLS says how many runs, WEIR_SEED with which seed it begins.
class Kill : public EndToEnd {
 protected:
  /// The ids of the items that have begun since the last call.
  Strings take_begun() {
    if (!folder.has("begun")) return {};
    const Strings lines = lines_of(folder.read("begun"));
    std::filesystem::remove(folder.file("begun"));
    return lines;
  }
  std::set<std::string> done() const {
    std::set<std::string> keys;
    const auto history = journal::History::load(folder.file("run/run.db"));
    for (const std::string& node : history.nodes()) {
      for (const journal::Row* row : history.rows(node)) {
        if (row->state == journal::State::done) keys.insert(row->key.text());
      }
    }
    return keys;
  }
  std::unique_ptr<Process> begin(bool is_first) {
    const Strings how = is_first ? Strings{"--run-dir", "run"} : Strings{"--resume", "run"};
    Strings arguments = {"run", "test.yaml", "--quiet"};
    arguments.insert(arguments.end(), how.begin(), how.end());
    return std::make_unique<Process>(WEIR_BINARY,
                                     Start{.arguments = arguments, .folder = folder.path()});
  }
};

TEST_F(Kill, LosesNothingAndDoesNothingTwiceThatTheJournalHasDone) {
  constexpr int kItems = 200;
  constexpr std::size_t kAtOnce = 8 + 3;
  folder.write("test.yaml", pipeline(R"(
items: {source: range, to: 200}
build: {from: items, limit: 8, shell: 'echo $WEIR_ITEM_ID >>begun; sleep 0.00$((N % 7))', env: {N: '${{ item }}'}}
built: {from: build, queue: fifo}
push: {from: built, limit: 3, shell: 'echo $WEIR_ITEM_ID >>begun', env: {N: '${{ item }}'}}
all: {from: push, sink: lines, path: out})"));
  const int rounds = number_of("WEIR_KILLS", 3);
  auto seed = static_cast<unsigned>(number_of("WEIR_SEED", 0));
  if (seed == 0) seed = std::random_device()();
  for (int round = 0; round < rounds; ++round, ++seed) {
    SCOPED_TRACE("WEIR_SEED=" + std::to_string(seed));
    std::mt19937 random(seed);
    std::filesystem::remove_all(folder.file("run"));
    std::set<std::string> done_before;
    std::size_t begun = 0;
    std::size_t kills = 0;
    for (;;) {
      const auto process = begin(!folder.has("run/run.json"));
      if (kills < 4) {
        const std::chrono::milliseconds after(std::uniform_int_distribution<int>(5, 400)(random));
        std::this_thread::sleep_for(after);  // the moment is what is tried
        process->send(SIGKILL);
        ++kills;
      }
      const Ended ended = process->wait();
      const Strings ids = take_begun();
      begun += ids.size();
      for (const std::string& id : ids) EXPECT_EQ(done_before.count(id), 0u) << id;
      if (ended.signal != SIGKILL) {
        EXPECT_EQ(ended.status, 0) << ended.err;
        break;
      }
      if (folder.has("run/run.db")) done_before = done();
    }
    EXPECT_EQ(done().size(), 2u * kItems);
    EXPECT_LE(begun, 2 * kItems + kills * kAtOnce) << "more than those that ran at the kills";
    EXPECT_EQ(lines_of(folder.read("out")).size(), static_cast<std::size_t>(kItems));
  }
}

}  // namespace
}  // namespace weir::e2e
