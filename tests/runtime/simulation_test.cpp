// Admissions and visits against a model: random limits, functions, items and events, in virtual
// time, on one thread. A seed says everything; WEIR_SEEDS says how many there are.

#include <algorithm>
#include <array>
#include <deque>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "admission_model.hpp"
#include "runtime/visit.hpp"
#include "support.hpp"
#include "virtual_clock.hpp"

namespace weir::test {
namespace {

using abi::End;
using runtime::Admission;
using runtime::AttemptEnd;
using runtime::Clock;
using runtime::Permit;
using runtime::Visit;
using runtime::Visits;

/// The unit of all times here, so that many things happen at the same time.
constexpr std::chrono::microseconds kSimulatedTick{400};
constexpr std::array<const char*, 3> kKeys = {"a", "b", "c"};
constexpr int kMostItems = 30;

class Simulation {
 public:
  Simulation(int seed, bool has_trace) : random_(static_cast<unsigned>(seed)) {
    if (has_trace) trace_.emplace();
    make_limits();
    make_functions();
    const int items = 3 + below(15);
    for (int i = 0; i < items; ++i) after(below(30), [this] { arrive(below(functions())); });
    make_events();
  }
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  /// To the end, or to the first thing that is wrong, which it says.
  std::string run() {
    for (int steps = 0; is_right() && clock_.advance_to_next(); ++steps) {
      check();
      model_->expect(steps < 10'000, "it does not come to an end");
    }
    if (is_right()) check_end();
    return model_->violation();
  }
  std::string trace() const { return trace_.value_or(""); }

 private:
  class Item;

  /// What remains of an item.
  struct Story {
    int function = 0;
    Admission::Needs needs;
    int ends = 0;
    bool backs_off = false;
    std::optional<End> next_end;  ///< if the attempt that has just ended is the last one
  };

  struct Function {
    Function(Admission& admission, Clock& clock, Visits::Settings settings)
        : visits(admission, clock, settings) {}
    Visits visits;
    bool is_over = false;  ///< stopped, or dismissed
    std::vector<std::uint32_t> limits;
    std::set<std::uint32_t> per_key;
  };

  struct Event final : Clock::Alarm {
    explicit Event(std::function<void()> what) : happens(std::move(what)) {}
    void ring() noexcept override { happens(); }
    std::function<void()> happens;
  };

  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }
  bool one_in(int count) { return below(count) == 0; }
  int functions() const { return static_cast<int>(functions_.size()); }
  bool is_right() const { return model_->violation().empty(); }
  static Clock::Duration ticks(int count) { return count * kSimulatedTick; }

  void after(int wait, std::function<void()> happens) {
    clock_.set(events_.emplace_back(std::move(happens)), clock_.now() + ticks(wait));
  }

  template <class... Args>
  void note(fmt::format_string<Args...> text, Args&&... args) {
    if (!trace_) return;
    const auto now = std::chrono::microseconds(
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - begin_));
    fmt::format_to(std::back_inserter(*trace_), "{:>6} us  ", now.count());
    fmt::format_to(std::back_inserter(*trace_), text, std::forward<Args>(args)...);
    *trace_ += '\n';
  }

  void make_limits() {
    std::vector<Admission::Settings> limits(static_cast<std::size_t>(1 + below(4)));
    for (std::size_t i = 0; i < limits.size(); ++i) {
      limits[i].name = fmt::format("limit{}", i);
      if (!one_in(4)) limits[i].slots = below(5);
      if (one_in(3)) limits[i].interval = ticks(1 + below(8));
      if (one_in(3)) limits[i].memory = 1 + below(10);
      // Raised in any case, so that nobody waits for ever.
      if (limits[i].slots == 0) after(below(40), [this, i] { set_slots(i, 1 + below(3)); });
      note("{}: slots {}, interval {} us, memory {}", limits[i].name, limits[i].slots.value_or(-1),
           limits[i].interval.value_or(Clock::Duration(0)).count() / 1000,
           limits[i].memory.value_or(-1));
    }
    model_.emplace(limits);
    admission_.emplace(std::move(limits), clock_);
  }

  void make_functions() {
    const int count = 1 + below(4);
    for (int i = 0; i < count; ++i) {
      Visits::Settings settings;
      settings.attempts = 1 + below(4);
      settings.first_wait = ticks(below(6));
      settings.longest_wait = ticks(5 + below(20));
      settings.seed = random_();
      Function& function =
          *functions_.emplace_back(std::make_unique<Function>(*admission_, clock_, settings));
      for (std::uint32_t limit = 0; limit < admission_->settings().size(); ++limit) {
        if (one_in(2)) function.limits.push_back(limit);
        if (one_in(3)) function.per_key.insert(limit);
      }
      std::shuffle(function.limits.begin(), function.limits.end(), random_);
    }
  }

  void make_events() {
    const int limits = static_cast<int>(admission_->settings().size());
    for (int i = below(5); i > 0; --i) {
      after(below(60), [this, limits] {
        const auto limit = static_cast<std::size_t>(below(limits));
        set_slots(limit, below(5));
        after(1 + below(20), [this, limit] { set_slots(limit, 1 + below(4)); });
      });
    }
    for (int i = below(3); i > 0; --i) {
      after(below(60), [this, limits] {
        pause(static_cast<std::size_t>(below(limits)), one_in(2) ? "" : kKeys[0]);
      });
    }
    for (int i = below(3); i > 0; --i) {
      after(below(60), [this] { halt(below(functions())); });
    }
    if (one_in(3)) after(below(60), [this] { dismiss(below(functions())); });
    if (one_in(2)) {
      after(below(60), [this] {
        stop();
        after(below(20), [this] { cut_off(); });  // at once: a kill
      });
    }
  }

  // What happens.

  void arrive(int function);

  void set_slots(std::size_t limit, std::int64_t slots) {
    note("limit{} has {} slots", limit, slots);
    model_->set_slots(limit, slots);
    admission_->set_slots(limit, slots);
  }
  void pause(std::size_t limit, const std::string& key) {
    const int wait = below(30);
    note("limit{} {} pauses for {} us", limit, key, (wait * kSimulatedTick).count());
    model_->pause(limit, key, clock_.now() + ticks(wait));
    admission_->pause(limit, key, clock_.now() + ticks(wait));
  }
  void halt(int function) {
    if (functions_[static_cast<std::size_t>(function)]->limits.empty()) return;
    note("function {} is halted", function);
    Visits& visits = functions_[static_cast<std::size_t>(function)]->visits;
    model_->halt(function);
    admission_->halt(visits.party());
    after(1 + below(20), [this, function, &visits] {
      note("function {} goes on", function);
      model_->resume(function);
      admission_->resume(visits.party());
    });
  }
  void dismiss(int function) {
    note("function {} is dismissed", function);
    Function& dismissed = *functions_[static_cast<std::size_t>(function)];
    dismissed.is_over = true;
    model_->dismiss(function);
    dismissed.visits.dismiss();
  }
  void stop() {
    note("stop");
    model_->close();
    for (const auto& function : functions_) function->is_over = true;
    for (const auto& function : functions_) function->visits.stop();
  }
  void cut_off() {
    note("cut off");
    while (!running_.empty()) end_attempt(running_.begin()->first, {End::cancelled, false}, false);
    while (!kept_.empty()) give_back(kept_.begin()->first);
  }

  // Of the items.

  void begin_attempt(int id, Item& item);
  void end_attempt(int id, AttemptEnd end, bool is_throttled);
  Item* take(int id) {
    Item* const item = running_.at(id);
    running_.erase(id);
    return item;
  }
  void give_back(int id) {
    const auto kept = kept_.find(id);
    if (kept == kept_.end()) return;
    note("{} gives back its permit", id);
    Permit permit = std::move(kept->second);
    kept_.erase(kept);
    model_->gives_back(id);
  }
  void ends(int id, End end);
  void check_wait(int id, std::int64_t attempts, Clock::Duration wait);

  void check() {
    model_->check(admission_->states(), clock_.now());
    std::vector<std::size_t> backing_off(functions_.size());
    for (const Story& story : stories_) {
      if (story.backs_off) ++backing_off[static_cast<std::size_t>(story.function)];
    }
    for (std::size_t i = 0; i < functions_.size(); ++i) {
      const std::size_t said = functions_[i]->visits.backing_off();
      model_->expect(said == backing_off[i], "{} back off, not {}", backing_off[i], said);
      model_->expect(said == 0 || !functions_[i]->is_over, "{} back off after the end", said);
    }
  }
  /// Nothing will happen any more.
  void check_end() {
    for (std::size_t id = 0; id < stories_.size(); ++id) {
      model_->expect(stories_[id].ends == 1, "{} has ended {} times", id, stories_[id].ends);
    }
    for (const Admission::State& state : admission_->states()) {
      model_->expect(state.key.empty(), "the key {} of {} is not forgotten", state.key, state.name);
      model_->expect(state.taken == 0 && state.memory == 0 && state.running == 0,
                     "a permit of {} is lost", state.name);
      model_->expect(state.waiting == 0, "somebody waits at {} for ever", state.name);
    }
  }

  std::mt19937 random_;
  std::optional<std::string> trace_;
  VirtualClock clock_;
  const Clock::Point begin_ = clock_.now();
  std::deque<Event> events_;
  std::optional<AdmissionModel> model_;
  std::optional<Admission> admission_;
  std::vector<std::unique_ptr<Function>> functions_;
  std::deque<Story> stories_;
  std::map<int, Item*> running_;
  std::map<int, Permit> kept_;  // whose items have ended
};

class Simulation::Item final : public Visit {
 public:
  Item(Simulation& of, int id, Visits& visits) : Visit(visits), of_(of), id_(id) {}

  Permit take_permit() { return std::move(permit_); }
  using Visit::attempt_ended;

 private:
  Story& story() { return of_.stories_[static_cast<std::size_t>(id_)]; }

  Admission::Needs needs() override {
    story().backs_off = false;
    if (of_.one_in(40)) throw std::runtime_error("no needs");
    of_.note("{} waits", id_);
    of_.model_->waits(id_, story().function, story().needs);
    return story().needs;
  }
  void needs_failed() noexcept override {
    story().next_end = End::failed;
    over(End::failed);
  }
  void attempt(Permit permit) noexcept override {
    permit_ = std::move(permit);
    of_.begin_attempt(id_, *this);
  }
  void will_retry(Clock::Duration wait) noexcept override { of_.check_wait(id_, attempts(), wait); }
  void over(End end) noexcept override {
    const int id = id_;
    Simulation& of = of_;
    delete this;
    of.ends(id, end);
  }

  Simulation& of_;
  const int id_;
  Permit permit_;
};

/// It may be of a run that has been broken off.
Simulation::~Simulation() {
  for (const auto& function : functions_) function->visits.stop();
  while (!running_.empty()) delete take(running_.begin()->first);
}

void Simulation::arrive(int function) {
  const int id = static_cast<int>(stories_.size());
  if (id == kMostItems) return;
  Function& at = *functions_[static_cast<std::size_t>(function)];
  Story& story = stories_.emplace_back();
  story.function = function;
  for (const std::uint32_t limit : at.limits) {
    Admission::Need& need = story.needs.emplace_back();
    need.limit = limit;
    if (at.per_key.contains(limit)) need.key = kKeys[static_cast<std::size_t>(below(3))];
    need.slots = one_in(3) ? 1 + below(4) : 1;
    need.memory = one_in(2) ? below(12) : 0;
    note("{} needs {} slots and {} bytes of limit{} {}", id, need.slots, need.memory, limit,
         need.key);
  }
  (new Item(*this, id, at.visits))->arrive();
}

void Simulation::begin_attempt(int id, Item& item) {
  note("{} starts", id);
  model_->is_admitted(id, clock_.now());
  running_[id] = &item;
  const int what = below(20);
  const End end = what < 10 ? End::done : End::failed;
  const bool is_throttled = what >= 18;
  const AttemptEnd how{end, what >= 12};
  // Others may have been admitted and not been told yet: a pause would come too late for them.
  if (!is_throttled && one_in(4)) return end_attempt(id, how, false);
  after(below(20), [this, id, attempt = item.attempts(), how, is_throttled] {
    const auto running = running_.find(id);
    if (running == running_.end() || running->second->attempts() != attempt) return;
    end_attempt(id, how, is_throttled);
  });
}

void Simulation::end_attempt(int id, AttemptEnd end, bool is_throttled) {
  note("{}'s attempt has {}{}{}", id, end.end == End::done ? "succeeded" : "not succeeded",
       end.retry ? ", to be retried" : "", is_throttled ? ", throttled" : "");
  Item& item = *take(id);
  Story& story = stories_[static_cast<std::size_t>(id)];
  const Function& function = *functions_[static_cast<std::size_t>(story.function)];
  story.next_end = end.end;
  if (end.end == End::failed && end.retry &&
      item.attempts() < function.visits.settings().attempts) {
    story.next_end.reset();
    if (function.is_over) story.next_end = End::cancelled;
  }
  is_throttled = is_throttled && !story.needs.empty();
  const bool pauses_first = one_in(2);
  const auto throttle = [&] {
    const auto which = static_cast<std::size_t>(below(static_cast<int>(story.needs.size())));
    pause(story.needs[which].limit, story.needs[which].key);
  };
  // Whose output has found no room yet.
  const bool keeps_permit = end.end == End::done && one_in(6);
  if (keeps_permit) {
    kept_[id] = item.take_permit();
    after(1 + below(10), [this, id] { give_back(id); });
  }
  if (is_throttled && pauses_first) throttle();
  std::optional<Admission::Deferral> deferral;
  if (!is_throttled && one_in(4)) deferral.emplace();
  if (!keeps_permit) {
    model_->gives_back(id);
    item.take_permit().give_back();
  }
  if (is_throttled && !pauses_first) throttle();
  item.attempt_ended(end);
}

void Simulation::ends(int id, End end) {
  note("{} is {}", id, end == End::done ? "done" : end == End::failed ? "failed" : "cancelled");
  Story& story = stories_[static_cast<std::size_t>(id)];
  ++story.ends;
  if (model_->is_waiting(id) || story.backs_off) {
    const bool is_over = functions_[static_cast<std::size_t>(story.function)]->is_over;
    model_->expect(end == End::cancelled && is_over, "{} ends while it waits", id);
    if (!story.backs_off) model_->is_refused(id);
    story.backs_off = false;
    return;
  }
  model_->expect(story.next_end == end, "{} ends in the wrong way", id);
  if (end == End::done && one_in(3)) arrive(below(functions()));
}

void Simulation::check_wait(int id, std::int64_t attempts, Clock::Duration wait) {
  note("{} backs off for {} us", id, wait.count() / 1000);
  Story& story = stories_[static_cast<std::size_t>(id)];
  model_->expect(!story.next_end, "{} is to be retried", id);
  story.backs_off = true;
  const Visits::Settings& settings =
      functions_[static_cast<std::size_t>(story.function)]->visits.settings();
  const Clock::Duration whole =
      std::min(settings.first_wait * (1 << (attempts - 1)), settings.longest_wait);
  model_->expect(wait >= whole / 2 && wait <= whole, "{} backs off for {} ns", id, wait.count());
}

TEST(SimulationTest, KeepsEveryLimitLosesNothingAndComesToAnEnd) {
  for (int seed = 1; seed <= seeds(10'000); ++seed) {
    const std::string violation = Simulation(seed, false).run();
    if (violation.empty()) continue;
    Simulation again(seed, true);
    again.run();
    FAIL() << "seed " << seed << ": " << violation << "\n" << again.trace();
  }
}

}  // namespace
}  // namespace weir::test
