#include "runtime/run.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "compile/registry.hpp"
#include "io/guard.hpp"
#include "runtime/cpus.hpp"
#include "runtime/graph.hpp"
#include "runtime/run_journal.hpp"
#include "runtime/stations.hpp"
#include "runtime/workers.hpp"

namespace weir::runtime {
namespace {

using Steady = std::chrono::steady_clock;

/// How long after everything has been killed a further signal leaves at once.
constexpr std::chrono::seconds kKillPatience{3};

/// When the run was over, by the clock; 0: it is not, or hardly.
std::atomic<Steady::rep> run_over{0};

/// Who is impatient sends signals when the run is over as well. They must not end the process
/// before the summary is written; unless that hangs.
extern "C" void weir_runtime_late_signal(int signal) {
  const Steady::time_point over{Steady::duration(run_over.load())};
  if (run_over != 0 && Steady::now() - over > kKillPatience) _exit(128 + signal);
}

/// "build: 20, push: 3"
std::string what_runs(const Graph& graph) {
  std::string to;
  for (const auto& node : graph.nodes()) {
    if (node->planned.type->kind != abi::Kind::function) continue;
    if (node->planned.work == abi::Work::computes) continue;
    const std::int64_t running = node->accounts.read().running;
    if (running <= 0) continue;
    to += fmt::format("{}{}: {}", to.empty() ? "" : ", ", node->planned.name, running);
  }
  return to;
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// The first signal stops, the second ends what is under way, the third kills it, and so does
/// SIGQUIT at once. What blocks in a place that
/// nothing can end (a file that can't be opened) is left by a later signal, when no command is
/// there any more. SIGTSTP stops the commands, and then this process, until it is continued.
void stop_on_signals(io::Reactor& reactor, Control& control, const Graph& graph,
                     std::chrono::milliseconds grace) {
  std::vector<int> signals = {SIGINT, SIGTERM, SIGQUIT};
  if (!is_ignored(SIGHUP)) signals.push_back(SIGHUP);  // nohup
  run_over = 0;
  for (const int signal : signals) {  // the reactor puts this back when it goes
    struct sigaction action {};
    action.sa_handler = weir_runtime_late_signal;
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
  }
  if (!is_ignored(SIGTSTP)) signals.push_back(SIGTSTP);
  signals.push_back(SIGCONT);
  const auto killed = std::make_shared<std::optional<Steady::time_point>>();
  const auto cut_off = std::make_shared<bool>(false);
  reactor.on_signal(signals, [&reactor, &control, &graph, grace, cut_off, killed](int signal) {
    if (signal == SIGCONT) return control.observer().resumes();
    if (signal == SIGTSTP) {
      control.observer().suspends();
      reactor.suspend();
      return reactor.post([&control] { control.observer().resumes(); });
    }
    if (signal != SIGQUIT && control.signal() == 0) {
      const std::string running = what_runs(graph);
      control.observer().note(
          "", running.empty()
                  ? fmt::format("stopping ({})", strsignal(signal))
                  : fmt::format("stopping ({}): waiting for what runs ({}); once more to end it",
                                strsignal(signal), running));
      return control.stop(signal);
    }
    control.stop(signal);
    if (signal != SIGQUIT && !*cut_off) {
      *cut_off = true;
      if (const std::size_t commands = reactor.processes(); commands != 0) {
        control.observer().note(
            "", fmt::format("ending {} command{}: TERM, and KILL after {} s; once more to kill {} "
                            "at once",
                            commands, commands == 1 ? "" : "s",
                            std::chrono::duration<double>(grace).count(),
                            commands == 1 ? "it" : "them"));
      }
      return control.cut_off();
    }
    if (!*killed) {
      reactor.kill_all();
      *killed = Steady::now();
    } else if (reactor.processes() == 0 && Steady::now() - **killed > kKillPatience) {
      _exit(128 + signal);
    }
  });
}

/// Lets every node begin. False if one can't: what is wrong has been noted.
bool start_nodes(const Graph& graph, Control& control, std::size_t& started) {
  for (const auto& node : graph.nodes()) {
    const std::string error = node->is_left_out ? "" : node->instance->start(node->host);
    if (!error.empty()) {
      control.fail(node->planned.name, error);
      return false;
    }
    ++started;
  }
  return true;
}

/// A fault of weir's own is an error of the run, found before files get their names.
void check_balance(const Graph& graph, Control& control) {
  for (const auto& node : graph.nodes()) {
    const Counts counts = node->accounts.read();
    if (counts.balanced()) continue;
    control.fail(node->planned.name,
                 fmt::format("its accounts don't balance: in {}, done {}, failed {}, cancelled {}. "
                             "That is a fault of weir's: items may be lost",
                             counts.in, counts.done, counts.failed, counts.cancelled));
  }
}

/// What weir itself could not do comes before all else. `secrets` may be null.
void note_errors(RunSummary& summary, const Control& control,
                 const std::vector<std::string>& not_come, const journal::Secrets* secrets) {
  summary.errors = control.errors();
  if (!summary.errors.empty()) {
    summary.outcome = RunOutcome::error;
    summary.exit_code = 3;
  }
  summary.errors.insert(summary.errors.end(), not_come.begin(), not_come.end());
  if (secrets == nullptr || secrets->empty()) return;
  for (std::string& error : summary.errors) error = journal::mask_shortened(error, *secrets);
}

/// All but its errors. `signal` is the one that stopped the run, or 0; `any_missing`: something
/// has not come, see RecordOptions::not_come.
RunSummary summarise(const compile::Plan& plan, const Graph& graph, int signal, bool any_missing) {
  RunSummary summary;
  summary.pipeline = plan.name;
  bool failed = false;
  for (const auto& node : graph.nodes()) {
    NodeSummary& of = summary.nodes.emplace_back();
    of.name = node->planned.name;
    of.kind = compile::to_string(node->planned.type->kind);
    of.type = node->planned.type->name;
    const bool is_function = node->planned.type->kind == abi::Kind::function;
    of.limit = is_function ? node->planned.limit.value_or(0) : 0;
    of.counts = node->counts();
    of.done_before = graph.stations().done_before(summary.nodes.size() - 1);
    failed = failed || of.counts.failed != 0;
  }
  if (signal != 0) {
    summary.outcome = RunOutcome::stopped;
    summary.exit_code = 128 + signal;
  } else if (failed || any_missing) {
    summary.outcome = RunOutcome::failed;
    summary.exit_code = 1;
  }
  return summary;
}

/// Only what waits starts commands.
bool has_waiting_function(const compile::Plan& plan) {
  return std::any_of(plan.nodes.begin(), plan.nodes.end(), [](const compile::PlannedNode& node) {
    return node.type->kind == abi::Kind::function && node.work == abi::Work::waits;
  });
}

void start_guard(std::optional<io::Guard>& guard, Observer& observer) {
  try {
    guard.emplace();
  } catch (const std::system_error& error) {
    observer.note("", fmt::format("no guard could be started ({}): if weir is killed by SIGKILL, "
                                  "processes may be left",
                                  error.what()));
  }
}

/// All of the work. What throws in the middle of it, for want of memory, ends the program.
void work_through(Graph& graph, Control& control) noexcept {
  graph.start();
  control.wait_until_idle();
  graph.wait();
}

}  // namespace

RunSummary run(const compile::Plan& plan, const RunOptions& options, Observer& observer) {
  const Steady::time_point began = Steady::now();
  std::optional<io::Guard> guard;
  if (options.own_process && has_waiting_function(plan)) start_guard(guard, observer);
  io::ReactorOptions reactor_options;
  reactor_options.note = [&observer](const std::string& line) { observer.note("", line); };
  Control* failing = nullptr;
  reactor_options.stuck = [&failing](const std::string& line) { failing->fail("", line); };
  reactor_options.guard = guard ? &*guard : nullptr;
  reactor_options.grace = options.grace;
  reactor_options.adopt_orphans = options.own_process;
  GraphOptions graph_options;
  graph_options.threads = options.threads > 0 ? options.threads : available_cpus();
  check_threads(graph_options.threads);  // before the first one that is to stay
  auto reactor = std::make_unique<io::Reactor>(reactor_options);
  Control control(observer, *reactor, graph_options.threads);
  failing = &control;
  graph_options.batch = options.batch;
  graph_options.records = options.records;
  RunJournal run_journal(plan, options.records, graph_options.threads, control);
  graph_options.records.journal = run_journal.journal();
  Graph graph(plan, control, graph_options);
  // It calls what notes, stops and says what runs: it goes before them, also if something throws.
  std::unique_ptr<io::Reactor> reacting = std::move(reactor);
  if (options.own_process) stop_on_signals(*reacting, control, graph, options.grace);

  std::shared_ptr<void> lives;
  if (options.on_live) lives = options.on_live(graph);
  std::size_t started = 0;
  start_nodes(graph, control, started);
  std::unique_ptr<Sampler> sampler = run_journal.watch(graph);
  work_through(graph, control);  // sources see at once if the run is being stopped

  check_balance(graph, control);
  // Decided here, once: a signal that comes later finds files that have their names already.
  const bool is_stopped = control.stopping();
  const int signal = is_stopped ? control.signal() : 0;
  std::vector<std::string> not_come;
  if (!is_stopped && options.records.not_come) not_come = options.records.not_come();
  if (!not_come.empty()) control.leave_out();
  const bool is_cut_short =
      std::any_of(graph.nodes().begin(), graph.nodes().end(),
                  [](const std::unique_ptr<Node>& node) { return node->has_enough(); });
  if (!is_stopped && !is_cut_short) graph.stations().note_gone(!control.leaves_out());
  Outcome outcome = is_stopped || control.leaves_out() ? Outcome::stopped : Outcome::complete;
  for (std::size_t i = 0; i < started; ++i) {
    Node& node = *graph.nodes()[i];
    if (node.is_left_out) continue;
    const std::string error = node.instance->finish(outcome, node.host);
    if (error.empty()) continue;
    control.fail(node.planned.name, error);
    outcome = Outcome::stopped;  // what stands behind it has not got everything
  }
  lives.reset();
  sampler.reset();
  run_journal.flush();
  // The journal may fail later still, when there is nothing any more that would have to stop.
  control.on_stop({});
  reacting.reset();  // ends what commands left behind; a second signal still makes that faster
  run_over = Steady::now().time_since_epoch().count();
  RunSummary summary = summarise(plan, graph, signal, !not_come.empty());
  note_errors(summary, control, not_come, options.records.secrets);
  summary.resumable = run_journal.is_resumable();
  summary.left_out = control.leaves_out();
  summary.seconds = std::chrono::duration<double>(Steady::now() - began).count();
  run_journal.note_end(summary);
  note_errors(summary, control, not_come, options.records.secrets);
  return summary;
}

std::string_view to_string(RunOutcome outcome) {
  switch (outcome) {
    case RunOutcome::done:
      return "done";
    case RunOutcome::failed:
      return "failed";
    case RunOutcome::stopped:
      return "stopped";
    case RunOutcome::error:
      return "error";
  }
  return "?";
}

}  // namespace weir::runtime
