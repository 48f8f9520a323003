#include "runtime/sampler.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "io/thread.hpp"
#include "journal/time.hpp"
#include "runtime/stations.hpp"
#include "runtime/status_of.hpp"

namespace weir::runtime {
namespace {

/// Fewer of them where each is large.
std::int64_t most_samples(std::size_t nodes) {
  constexpr std::int64_t kMost = 1000;
  constexpr std::int64_t kLeast = 100;
  constexpr std::int64_t kNodes = 500'000;  // in all samples together
  return std::clamp(kNodes / std::max<std::int64_t>(1, static_cast<std::int64_t>(nodes)), kLeast,
                    kMost);
}

}  // namespace

std::int64_t SampleTimes::next() {
  if (tick_ < 0) return tick_ = 0;
  if (tick_ / step_ >= most_) step_ *= 2;
  return tick_ = (tick_ / step_ + 1) * step_;
}

Sampler::Sampler(journal::Journal& journal, const Graph& graph, BatchLog& batches)
    : journal_(journal),
      graph_(graph),
      batches_(batches),
      times_(most_samples(graph.nodes().size())),
      thread_(io::start_thread([this] { go_on(); })) {}

Sampler::~Sampler() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ended_.notify_one();
  thread_.join();
  sample();
}

void Sampler::go_on() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    lock.unlock();
    sample();
    lock.lock();
    ended_.wait_for(lock, kTick * times_.step(), [this] { return is_ending_; });
  }
}

void Sampler::sample() noexcept {
  try {
    journal::Sampled event;
    event.tick = times_.next();
    event.keep_of = times_.step();
    batches_.set_spacing(std::chrono::milliseconds(1) * times_.step());
    event.at_ns = journal::now_ns();
    event.idle_permille = idle_permille();
    event.nodes = nodes();
    event.batches = spans();
    journal_.sampled(std::move(event));
  } catch (const std::exception&) {
    // No memory: a picture with one sample less.
  }
}

/// As Linux counts it. What others use of the machine tells whether commands wait for processors.
std::optional<std::int64_t> Sampler::idle_permille() {
  std::ifstream stat("/proc/stat");
  std::string name;
  if (!(stat >> name) || name != "cpu") return std::nullopt;
  std::int64_t total = 0;
  std::int64_t idle = 0;
  constexpr int kFields = 8;  // user, nice, system, idle, iowait, irq, softirq, steal
  for (int field = 0; field < kFields; ++field) {
    std::int64_t ticks = 0;
    if (!(stat >> ticks)) return std::nullopt;
    total += ticks;
    if (field == 3 || field == 4) idle += ticks;
  }
  const std::int64_t all = total - std::exchange(total_, total);
  const std::int64_t unused = idle - std::exchange(idle_, idle);
  if (all == total || all <= 0) return std::nullopt;  // the first one
  return std::clamp<std::int64_t>(1000 * unused / all, 0, 1000);
}

/// Each: name, slots, and of each key: it, slots taken, memory taken, whether it pauses, whether
/// its rate lets nothing start, and for each node how many of its items wait.
std::string Sampler::limits() const {
  using Json = nlohmann::ordered_json;
  Json limits = Json::array();
  for (const LimitStatus& limit : graph_.stations().limits_of_note()) {
    Json states = Json::array();
    for (const LimitState& state : limit.states) {
      Json waiters = Json::array();
      for (const WaiterStatus& waiter : state.waiters) {
        waiters.push_back({waiter.node, waiter.items});
      }
      states.push_back(
          Json::array({state.key, state.taken, state.memory_taken, state.paused_for.has_value(),
                       state.next_start.has_value(), std::move(waiters)}));
    }
    limits.push_back(
        Json::array({limit.name, limit.slots ? Json(*limit.slots) : Json(), std::move(states)}));
  }
  return limits.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// For each node: in, done, failed, running, waiting, queued, backing off. The first one has the
/// limits behind that: whoever reads no more than the counts of nodes finds them where they are.
std::string Sampler::nodes() const {
  std::string json = "[";
  for (std::size_t i = 0; i < graph_.nodes().size(); ++i) {
    const Node& node = *graph_.nodes()[i];
    const Counts counts = node.accounts.read();
    const std::int64_t backing_off = graph_.stations().backing_off(i);
    std::int64_t waiting = 0;
    std::int64_t queued = 0;
    if (node.is_queue()) {
      for (const Accounts& lying : node.lying) waiting = std::max(waiting, lying.waiting());
    } else {
      queued = queued_for(node);
      waiting = std::max<std::int64_t>(0, node.accounts.waiting() - queued - backing_off);
    }
    fmt::format_to(std::back_inserter(json), "{}[{},{},{},{},{},{},{}{}]", i == 0 ? "" : ",",
                   counts.in, counts.done, counts.failed, std::max<std::int64_t>(0, counts.running),
                   waiting, queued, backing_off,
                   i == 0 ? fmt::format(",{}", limits()) : std::string());
  }
  return json += "]";
}

/// For each: node, worker, start in unix nanoseconds, nanoseconds, items.
std::string Sampler::spans() {
  const std::vector<BatchLog::Span> spans = batches_.take();
  if (spans.empty()) return {};
  const std::int64_t offset =
      journal::now_ns() -
      std::chrono::nanoseconds(BatchLog::Clock::now().time_since_epoch()).count();
  std::string json = "[";
  for (const BatchLog::Span& span : spans) {
    const std::int64_t began =
        offset + std::chrono::nanoseconds(span.began.time_since_epoch()).count();
    fmt::format_to(std::back_inserter(json), "{}[{},{},{},{},{}]", json.size() == 1 ? "" : ",",
                   span.node, span.worker, began, span.busy_ns, span.items);
  }
  return json += "]";
}

}  // namespace weir::runtime
