#include "support.hpp"

#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <utility>

#include "compile/check.hpp"
#include "nodes/builtin.hpp"
#include "spec/pipeline.hpp"

namespace weir::test {

abi::Table test_nodes();

void Collection::add(const std::string& to, std::int64_t item) {
  const std::lock_guard lock(mutex_);
  items_[to].push_back(item);
}

std::vector<std::int64_t> Collection::in_order(const std::string& from) const {
  const std::lock_guard lock(mutex_);
  const auto found = items_.find(from);
  return found == items_.end() ? std::vector<std::int64_t>() : found->second;
}

std::vector<std::int64_t> Collection::sorted(const std::string& from) const {
  std::vector<std::int64_t> items = in_order(from);
  std::sort(items.begin(), items.end());
  return items;
}

Collection*& Collection::current() {
  static Collection* current = nullptr;
  return current;
}

void Probe::enter() {
  const int inside = inside_.fetch_add(1) + 1;
  int most = most_.load();
  while (most < inside && !most_.compare_exchange_weak(most, inside)) {
  }
}
void Probe::leave() { inside_.fetch_sub(1); }

Probe*& Probe::current() {
  static Probe* current = nullptr;
  return current;
}

bool Ledger::enter(const std::string& line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(line);
  const auto fails = to_fail_.find(line.substr(0, line.find(' ')));
  if (fails == to_fail_.end() || fails->second-- != 0) return true;
  failed_.push_back(line);
  return false;
}
void Ledger::fail(const std::string& name, int number) { to_fail_[name] = number; }
Ledger::Lines Ledger::take() {
  const std::lock_guard lock(mutex_);
  std::sort(lines_.begin(), lines_.end());
  return std::exchange(lines_, {});
}
Ledger::Lines Ledger::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

Ledger*& Ledger::current() {
  static Ledger* current = nullptr;
  return current;
}

Gatekeeper*& Gatekeeper::current() {
  static Gatekeeper* current = nullptr;
  return current;
}

void RecordingObserver::item_ended(const runtime::ItemEnd& end) noexcept {
  if (on_item) on_item(end);
  static constexpr const char* kNames[] = {"done", "failed", "cancelled"};
  const std::lock_guard lock(mutex_);
  ended_.push_back(std::string(end.node) + " " + kNames[static_cast<int>(end.end)] + " " +
                   std::string(end.item));
}
void RecordingObserver::note(std::string_view, std::string_view) noexcept {}
std::string RecordingObserver::print(std::string_view lines) noexcept {
  const std::lock_guard lock(mutex_);
  printed_ += lines;
  return {};
}
std::vector<std::string> RecordingObserver::ended() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> sorted = ended_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}
std::string RecordingObserver::printed() const {
  const std::lock_guard lock(mutex_);
  return printed_;
}

namespace {

const compile::Registry& registry() {
  static const std::unique_ptr<compile::Registry> all = [] {
    auto made = std::make_unique<compile::Registry>();
    for (abi::Table& table : nodes::builtin()) made->add(std::move(table), "built in");
    if (auto error = made->add(test_nodes(), "test")) throw std::logic_error(*error);
    return made;
  }();
  return *all;
}

}  // namespace

compile::Plan plan_of(const std::string& yaml) {
  spec::Diagnostics diagnostics;
  const spec::SourceText source{"test.yaml", yaml};
  const spec::Pipeline pipeline = spec::read_pipeline(source, {}, diagnostics);
  std::optional<compile::Plan> plan = compile::make_plan(pipeline, registry(), diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render(source) << yaml;
  return plan ? std::move(*plan) : compile::Plan();
}

RunSummary run_yaml(const std::string& yaml, runtime::Observer& observer, int threads,
                    std::uint32_t batch) {
  const compile::Plan plan = plan_of(yaml);
  runtime::RunOptions options;
  options.threads = threads;
  options.batch = batch;
  return runtime::run(plan, options, observer);
}

RunSummary run_yaml(const std::string& yaml, int threads) {
  RecordingObserver observer;
  return run_yaml(yaml, observer, threads);
}

const Counts& counts_of(const RunSummary& summary, const std::string& node) {
  for (const NodeSummary& of : summary.nodes) {
    if (of.name == node) return of.counts;
  }
  static const Counts kNone;
  ADD_FAILURE() << "no node " << node;
  return kNone;
}

int seeds(int otherwise) {
  const char* text = std::getenv("WEIR_SEEDS");
  return text == nullptr ? otherwise : std::atoi(text);
}

}  // namespace weir::test
