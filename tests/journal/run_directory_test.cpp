#include "journal/run_directory.hpp"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <set>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "support.hpp"

namespace weir::journal::test {
namespace {

namespace fs = std::filesystem;

std::string error_of(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(RunDirectory, IsNamedByTimeAndPipeline) {
  const Folder folder;
  const RunDirectory run = RunDirectory::create(folder / "runs", some_info(), "weir: 1\n");
  EXPECT_EQ(run.id(), "20261125-015240-images");
  EXPECT_EQ(run.path(), folder / "runs/20261125-015240-images");
  EXPECT_EQ(fs::status(run.path()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::read_symlink(folder / "runs/latest"), run.id());
}

TEST(RunDirectory, TakesFromANameWhatCanNameAFile) {
  const std::pair<const char*, const char*> names[] = {{"two words", "two-words"},
                                                       {"../../etc", "..-..-etc"},
                                                       {"Übergröße", "bergr-e"},
                                                       {"ä", ""},
                                                       {"a--b", "a-b"},
                                                       {"-x-", "x"}};
  for (const auto& [name, plain] : names) {
    const Folder folder;
    RunInfo info = some_info();
    info.pipeline = name;
    const std::string expected = std::string("20261125-015240") + (*plain ? "-" : "") + plain;
    EXPECT_EQ(RunDirectory::create(folder.path(), info, "").id(), expected);
  }
}

TEST(RunDirectory, SaysWhatWasRun) {
  const Folder folder;
  const RunDirectory run = RunDirectory::create(folder.path(), some_info(), "weir: 1\n");
  EXPECT_EQ(read_file(run.pipeline_file()), "weir: 1\n");
  EXPECT_EQ(read_file(run.path() / "run.json"), R"({
  "weir": 1,
  "id": "20261125-015240-images",
  "pipeline": "images",
  "file": "/home/ann/images.yaml",
  "given": "images.yaml",
  "folder": "/home/ann",
  "started": "2026-11-25T01:52:40.123456Z",
  "process": )" + std::to_string(getpid()) + R"(,
  "version": "0.1.0",
  "settings": [
    [
      "pushes",
      "5"
    ],
    [
      "pushes",
      "6"
    ]
  ],
  "plugins": [
    "./numbers.so"
  ],
  "options": {
    "threads": 4
  }
}
)");
  const RunDirectory read = RunDirectory::open(run.id(), folder.path());
  EXPECT_EQ(to_json(read.info()), to_json(run.info()));
  EXPECT_EQ(read.path(), run.path());
}

TEST(RunDirectory, SaysHowItGoesOn) {
  const Folder folder;
  RunDirectory run = RunDirectory::create(folder.path(), some_info(), "weir: 1\n");
  RunInfo other = some_info();
  other.id = "another";
  other.started_ns += 1;
  other.given = "./images.yaml";
  other.settings = {{"pushes", "7"}};
  EXPECT_EQ(run.rewrite(other, "weir: 1 # changed\n"), "");
  EXPECT_EQ(run.id(), "20261125-015240-images");
  const RunDirectory read = RunDirectory::open(run.id(), folder.path());
  EXPECT_EQ(to_json(read.info()), to_json(run.info()));
  EXPECT_EQ(read.info().started_ns, some_info().started_ns);
  EXPECT_EQ(read.info().given, "./images.yaml");
  EXPECT_EQ(read.info().settings, other.settings);
  EXPECT_EQ(read_file(run.pipeline_file()), "weir: 1 # changed\n");
}

TEST(RunDirectory, OfAnOlderWeirIsRead) {
  const std::string json = to_json(some_info());
  const std::size_t at = json.find("  \"given\"");
  const std::string older = std::string(json).erase(at, json.find('\n', at) + 1 - at);
  EXPECT_EQ(parse_run_info(older, "run.json").given, "/home/ann/images.yaml");
}

TEST(RunDirectory, OfRunsThatStartAtOnceHasANumber) {
  const Folder folder;
  std::set<std::string> ids;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const RunDirectory run = RunDirectory::create(folder.path(), some_info(), "");
      const std::lock_guard lock(mutex);
      ids.insert(run.id());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> expected = {"20261125-015240-images"};
  for (int i = 2; i <= 12; ++i) expected.insert("20261125-015240-images-" + std::to_string(i));
  EXPECT_EQ(ids, expected);
  const RunList list = list_runs(folder.path());
  EXPECT_EQ(list.runs.size(), 12U);
  EXPECT_EQ(list.runs.back().id(), "20261125-015240-images-12");
  EXPECT_TRUE(ids.contains(fs::read_symlink(folder / "latest")));
}

TEST(RunDirectory, IsMadeExactlyWhereItIsWanted) {
  const Folder folder;
  fs::create_directory(folder / "empty");
  for (const char* name : {"a/b/mine", "empty", "with/slash/"}) {
    const RunDirectory run = RunDirectory::create_exactly(folder / name, some_info(), "");
    EXPECT_EQ(run.id(), name == std::string("a/b/mine") ? "mine"
                        : name == std::string("empty")  ? "empty"
                                                        : "slash");
    EXPECT_TRUE(run.is_alive());
    EXPECT_EQ(RunDirectory::open(folder / name).id(), run.id());
  }
  EXPECT_FALSE(fs::exists(folder / "latest"));
  const std::string taken = folder / "a/b";
  EXPECT_EQ(
      error_of([&] { RunDirectory::create_exactly(taken, some_info(), ""); }),
      "'" + taken +
          "' can't be the directory of a new run: it exists, and is not an empty folder; name "
          "one that does not exist");
}

TEST(RunDirectory, ThatCanNotBeWrittenIsAnError) {
  const Folder folder;
  EXPECT_EQ(error_of([] { RunDirectory::create("/dev/null/runs", some_info(), ""); }),
            "can't create '/dev/null/runs': Not a directory");
  const LowerLimit limit(RLIMIT_FSIZE, 10);
  EXPECT_EQ(
      error_of([&] { RunDirectory::create(folder.path(), some_info(), std::string(20, 'x')); }),
      "can't write '" + (folder / "20261125-015240-images/pipeline.yaml.part").string() +
          "': File too large");
  EXPECT_THROW(RunDirectory::create_exactly(folder / "mine", some_info(), std::string(20, 'x')),
               Error);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(RunDirectory, IsAliveWhileItsLockIsHeld) {
  const Folder folder;
  {
    const RunDirectory run = RunDirectory::create(folder.path(), some_info(), "");
    EXPECT_TRUE(run.is_alive());
    EXPECT_TRUE(RunDirectory::open("latest", folder.path()).is_alive());
  }
  EXPECT_FALSE(RunDirectory::open("latest", folder.path()).is_alive());
}

TEST(RunDirectory, IsNotTakenTwice) {
  const Folder folder;
  {
    const RunDirectory first = RunDirectory::create(folder.path(), some_info(), "");
    RunDirectory second = RunDirectory::open("latest", folder.path());
    EXPECT_EQ(second.take_lock(),
              "that run is still going on (process " + std::to_string(getpid()) + ")");
  }
  RunDirectory third = RunDirectory::open("latest", folder.path());
  EXPECT_EQ(third.take_lock(), "");
  EXPECT_EQ(third.take_lock(), "");  // has it already
}

TEST(RunDirectory, IsTakenWhileOthersLook) {
  const Folder folder;
  { RunDirectory::create(folder.path(), some_info(), ""); }
  std::atomic<bool> stop{false};
  std::thread looker([&] {
    const RunDirectory run = RunDirectory::open("latest", folder.path());
    while (!stop) run.is_alive();
  });
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(RunDirectory::open("latest", folder.path()).take_lock(), "");
  }
  stop = true;
  looker.join();
}

TEST(RunDirectory, IsDeadWhenItsProcessIsKilledWhateverThatLeftBehind) {
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // to reap what is left behind
  const Folder folder;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const RunDirectory run = RunDirectory::create(folder.path(), some_info(), "");
    int until_exec[2];
    if (pipe2(until_exec, O_CLOEXEC) != 0) _exit(9);
    const pid_t left_behind = fork();
    if (left_behind == 0) {
      execl("/bin/sleep", "sleep", "1000", nullptr);
      _exit(9);
    }
    close(until_exec[1]);
    char byte = 0;
    if (read(until_exec[0], &byte, 1) != 0) _exit(9);
    if (write(ends[1], &left_behind, sizeof left_behind) < 0) _exit(9);
    pause();
    _exit(0);
  }
  pid_t left_behind = 0;
  ASSERT_EQ(read(ends[0], &left_behind, sizeof left_behind),
            static_cast<ssize_t>(sizeof left_behind));
  const RunDirectory run = RunDirectory::open("latest", folder.path());
  EXPECT_TRUE(run.is_alive());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(run.is_alive());
  kill(left_behind, SIGKILL);
  EXPECT_EQ(waitpid(left_behind, nullptr, 0), left_behind);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  close(ends[0]);
  close(ends[1]);
}

TEST(RunDirectory, KeepsItsSummaryUntilThatIsRemoved) {
  const Folder folder;
  {
    const RunDirectory run = RunDirectory::create(folder.path(), some_info(), "");
    EXPECT_EQ(run.write_summary("{}\n"), "");
    EXPECT_EQ(read_file(run.summary_file()), "{}\n");
  }
  RunDirectory again = RunDirectory::open("latest", folder.path());
  EXPECT_TRUE(fs::exists(again.summary_file()));
  EXPECT_EQ(again.take_lock(), "");
  EXPECT_TRUE(fs::exists(again.summary_file()));
  EXPECT_EQ(again.remove_summary(), "");
  EXPECT_FALSE(fs::exists(again.summary_file()));
  EXPECT_EQ(again.remove_summary(), "");
}

TEST(RunDirectory, NamesTheLogsOfAnItem) {
  const Folder folder;
  const RunDirectory run = RunDirectory::create(folder.path(), some_info(), "");
  EXPECT_EQ(run.log_file("build", 12, Stream::out), run.path() / "logs/build/12.out");
  EXPECT_EQ(run.log_file("build", 12, Stream::err), run.path() / "logs/build/12.err");
}

TEST(RunDirectory, TakesOverWhereMakingOneWasCutShort) {
  const Folder folder;
  const fs::path begun = folder / "begun";
  fs::create_directory(begun);
  for (const char* name : {"run.lock", "pipeline.yaml", "run.json.part"}) {
    EXPECT_EQ(replace_file(begun / name, "x"), "");
  }
  EXPECT_EQ(RunDirectory::create_exactly(begun, some_info(), "weir: 1").path(), begun);
  EXPECT_EQ(read_file(begun / "pipeline.yaml"), "weir: 1");
}

}  // namespace
}  // namespace weir::journal::test
