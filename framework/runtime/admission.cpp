#include "runtime/admission.hpp"

#include <algorithm>

namespace weir::runtime {

/// Those who wait at one limit (for one key), and what has been taken of it.
struct Admission::Queue {
  struct Waiting {
    Request* request;
    std::uint64_t arrival;
  };
  /// Those of one party, in the order of their arrival: however many are halted, nobody has to look
  /// through them for others.
  struct Line {
    const Party* party = nullptr;
    std::deque<Waiting> waiting;
    bool last_was_halted = false;  ///< the last one that was admitted, until then
  };

  /// Throws std::bad_alloc.
  Line& line_of(const Party* party) {
    for (const std::unique_ptr<Line>& line : lines) {
      if (line->party == party) return *line;
    }
    auto line = std::make_unique<Line>();
    line->party = party;
    return *lines.emplace_back(std::move(line));
  }

  std::size_t limit = 0;
  std::string key;
  std::vector<std::unique_ptr<Line>> lines;
  std::int64_t waiting = 0;  // in all of them
  std::int64_t taken = 0;
  std::int64_t memory = 0;
  std::int64_t running = 0;
  Clock::Point next_start{};  // by the rate
  Clock::Point paused_until{};
  Hold last_hold;           // of the last one that waited here
  Clock::Point timed_at{};  // its place in timed_
  bool is_timed = false;
};

/// What a request takes; it goes back by the permit.
struct Admission::Request::Grant final : Gate {
  struct Part {
    Queue* queue;
    Queue::Line* line;
    Need need;
  };

  explicit Grant(Admission& admission) : of(admission) {}
  void give_back() noexcept override {
    const std::unique_ptr<Grant> self(this);
    of.leave(*this);
  }

  Admission& of;
  std::vector<Part> parts;
};

std::string_view to_string(Admission::Hold::For why) {
  switch (why) {
    case Admission::Hold::For::slots:
      return "slots";
    case Admission::Hold::For::memory:
      return "memory";
    case Admission::Hold::For::rate:
      return "rate";
    case Admission::Hold::For::pause:
      return "pause";
    case Admission::Hold::For::room:
      return "room";
  }
  return "?";
}

Admission::Request::Request(const Party* party) : party_(party) {}
Admission::Request::~Request() = default;

/// One alarm for all that waits for a time.
class Admission::Wake final : public Clock::Alarm {
 public:
  explicit Wake(Admission& admission) : of_(admission) {}
  void ring() noexcept override { of_.woken(); }

  Clock::Point at{};
  bool is_set = false;

 private:
  Admission& of_;
};

Admission::Admission(std::vector<Settings> limits, Clock& clock)
    : settings_(std::move(limits)),
      clock_(clock),
      queues_(settings_.size()),
      wake_(std::make_unique<Wake>(*this)) {
  for (const Settings& limit : settings_) slots_.push_back(limit.slots);
}

Admission::~Admission() {
  if (wake_->is_set) clock_.cancel(*wake_);
}

void Admission::enter(Request& request) { enter(request, Needs(1)); }

void Admission::enter(Request& request, Needs needs) {
  Calls calls;
  const std::lock_guard lock(mutex_);
  if (closed_ || (request.party_ != nullptr && request.party_->is_dismissed_)) {
    return calls.refuse(request);
  }
  enter_queues(request, std::move(needs));
  if (is_halted(request.party_) && !request.grant_->parts.empty()) {
    request.hold_ = {request.grant_->parts.front().queue->limit, Hold::For::room};
    return;
  }
  for (const Grant::Part& part : request.grant_->parts) {
    if (first_of(*part.queue) != &request) return;
  }
  try_admit(request, calls);
  set_alarm();
}

/// All of them or none.
void Admission::enter_queues(Request& request, Needs needs) {
  request.grant_ = std::make_unique<Grant>(*this);
  request.hold_.reset();
  std::vector<Grant::Part>& parts = request.grant_->parts;
  std::size_t entered = 0;
  try {
    parts.reserve(needs.size());
    for (Need& need : needs) {
      Queue& queue = queue_of(need.limit, need.key);
      parts.push_back({&queue, nullptr, std::move(need)});
      parts.back().line = &queue.line_of(request.party_);
    }
    for (; entered < parts.size(); ++entered) {
      parts[entered].line->waiting.push_back({&request, arrivals_});
    }
    for (const Grant::Part& part : parts) ++part.queue->waiting;
    ++arrivals_;
  } catch (...) {
    for (; entered > 0; --entered) parts[entered - 1].line->waiting.pop_back();
    for (const Grant::Part& part : parts) forget_if_idle(*part.queue);
    request.grant_.reset();
    throw;
  }
}

Admission::Queue& Admission::queue_of(std::size_t limit, const std::string& key) {
  auto& keys = queues_[limit];
  auto at = keys.find(key);
  if (at == keys.end()) {
    auto queue = std::make_unique<Queue>();
    queue->limit = limit;
    queue->last_hold.limit = limit;
    queue->key = key;
    at = keys.emplace(key, std::move(queue)).first;
  }
  return *at->second;
}

/// Who is to be admitted next: the first that is not halted. Null: nobody.
Admission::Request* Admission::first_of(const Queue& queue) {
  const Queue::Waiting* first = nullptr;
  for (const std::unique_ptr<Queue::Line>& line : queue.lines) {
    if (line->waiting.empty() || is_halted(line->party)) continue;
    const Queue::Waiting& head = line->waiting.front();
    if (first == nullptr || head.arrival < first->arrival) first = &head;
  }
  return first == nullptr ? nullptr : first->request;
}

/// What there is too little of for it.
std::optional<Admission::Hold::For> Admission::lacks(const Queue& queue, const Need& need) const {
  const auto fits = [](const std::optional<std::int64_t>& most, std::int64_t taken,
                       std::int64_t wanted) {
    if (!most) return true;
    // What is larger than all there is has it when it is alone, but never where there is nothing.
    return wanted <= *most - taken || (taken == 0 && wanted > *most && *most > 0);
  };
  if (!fits(slots_[queue.limit], queue.taken, need.slots)) return Hold::For::slots;
  if (!fits(settings_[queue.limit].memory, queue.memory, need.memory)) return Hold::For::memory;
  return std::nullopt;
}

Clock::Point Admission::not_before(const Queue& queue) const {
  return std::max(queue.next_start, queue.paused_until);
}

/// It is the first wherever it waits. Admits it if there is room; if only the time is missing,
/// notes when it is.
bool Admission::try_admit(Request& request, Calls& calls) noexcept {
  std::vector<Grant::Part>& parts = request.grant_->parts;
  for (const Grant::Part& part : parts) {
    if (const auto why = lacks(*part.queue, part.need)) {
      request.hold_ = {part.queue->limit, *why};
      return false;
    }
  }
  Clock::Point at{};
  Queue* latest = nullptr;
  for (const Grant::Part& part : parts) {
    if (not_before(*part.queue) <= at) continue;
    at = not_before(*part.queue);
    latest = part.queue;
  }
  Clock::Point now{};
  const bool is_rated = std::any_of(parts.begin(), parts.end(), [&](const Grant::Part& part) {
    return settings_[part.queue->limit].interval.has_value();
  });
  if (latest != nullptr || is_rated) now = clock_.now();
  if (latest != nullptr && at > now) {
    set_time(*latest, at);
    const bool is_paused = latest->paused_until == at;
    request.hold_ = {latest->limit, is_paused ? Hold::For::pause : Hold::For::rate};
    return false;
  }
  for (Grant::Part& part : parts) {
    Queue& queue = *part.queue;
    part.line->last_was_halted = request.hold_ && request.hold_->why == Hold::For::room;
    if (request.hold_ && !part.line->last_was_halted) queue.last_hold = *request.hold_;
    part.line->waiting.pop_front();
    --queue.waiting;
    queue.taken += part.need.slots;
    queue.memory += part.need.memory;
    ++queue.running;
    if (const auto& interval = settings_[queue.limit].interval) {
      // What an alarm comes late is made up for, as long as starts stay apart.
      queue.next_start = std::max(queue.next_start, now - *interval / 4) + *interval;
    }
  }
  calls.admit(request, [&request] { return Permit(request.grant_.release()); });
  return true;
}

/// Something has changed at a limit: lets in all that can come in because of it.
void Admission::pump(Queue& changed, Calls& calls) noexcept {
  changed_.push_back(&changed);
  while (!changed_.empty()) {
    Queue& queue = *changed_.back();
    Request* const waiting = first_of(queue);
    if (waiting == nullptr) {
      changed_.pop_back();
      continue;
    }
    Request& first = *waiting;
    // The parts stay where they are when the request goes: its grant lives on.
    const Grant& grant = *first.grant_;
    const bool is_first =
        std::all_of(grant.parts.begin(), grant.parts.end(),
                    [&](const Grant::Part& part) { return first_of(*part.queue) == &first; });
    // Who comes to the front and may go on at once has waited for what held those before it.
    if (!first.hold_) {
      const bool was_halted =
          std::any_of(grant.parts.begin(), grant.parts.end(),
                      [](const Grant::Part& part) { return part.line->last_was_halted; });
      first.hold_ = was_halted ? Hold{queue.limit, Hold::For::room} : queue.last_hold;
    }
    if (!is_first || !try_admit(first, calls)) {
      changed_.pop_back();
      continue;
    }
    for (const Grant::Part& part : grant.parts) {
      if (part.queue != &queue) changed_.push_back(part.queue);
    }
  }
}

void Admission::leave(Grant& grant) noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  for (const Grant::Part& part : grant.parts) {
    part.queue->taken -= part.need.slots;
    part.queue->memory -= part.need.memory;
    --part.queue->running;
  }
  for (const Grant::Part& part : grant.parts) pump(*part.queue, calls);
  for (const Grant::Part& part : grant.parts) forget_if_idle(*part.queue);
  set_alarm();
}

void Admission::forget_if_idle(Queue& queue) noexcept {
  if (queue.key.empty() || queue.running != 0 || queue.waiting != 0) return;
  Clock::Point until = queue.paused_until;
  if (queue.next_start != Clock::Point{}) {
    // By then it makes no difference for the next start whether the key is known.
    until = std::max(until, queue.next_start + *settings_[queue.limit].interval / 4);
  }
  if (!closed_ && until != Clock::Point{} && until > clock_.now()) {
    // It is looked at again when its time has come.
    if (!queue.is_timed) set_time(queue, until);
    return;
  }
  if (queue.is_timed) timed_.erase({queue.timed_at, &queue});
  auto& keys = queues_[queue.limit];
  keys.erase(keys.find(queue.key));
}

/// It is looked at then.
void Admission::set_time(Queue& queue, Clock::Point at) noexcept {
  if (queue.is_timed) timed_.erase({queue.timed_at, &queue});
  queue.timed_at = at;
  queue.is_timed = true;
  timed_.emplace(at, &queue);
}

void Admission::pump_timed(Calls& calls) noexcept {
  const Clock::Point now = clock_.now();
  while (!timed_.empty() && timed_.begin()->first <= now) {
    Queue& queue = *timed_.begin()->second;
    timed_.erase(timed_.begin());
    queue.is_timed = false;
    pump(queue, calls);
    forget_if_idle(queue);
  }
}

/// Under the lock. The alarm may ring too early, never too late.
void Admission::set_alarm() noexcept {
  if (timed_.empty() || closed_) return;
  const Clock::Point at = timed_.begin()->first;
  if (wake_->is_set) {
    if (wake_->at <= at || !clock_.cancel(*wake_)) return;  // it rings: `woken` sets it again
    wake_->is_set = false;
  }
  wake_->at = at;
  wake_->is_set = true;
  clock_.set(*wake_, at);
}

void Admission::woken() noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  wake_->is_set = false;
  pump_timed(calls);
  set_alarm();
}

void Admission::close() noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& keys : queues_) {
    for (auto& [key, queue] : keys) refuse_waiting(*queue, nullptr, calls);
  }
  timed_.clear();
  if (wake_->is_set && clock_.cancel(*wake_)) wake_->is_set = false;
  for (auto& keys : queues_) {
    for (auto at = keys.begin(); at != keys.end();) {
      Queue& queue = *at++->second;  // it may be forgotten
      queue.is_timed = false;
      forget_if_idle(queue);
    }
  }
}

void Admission::dismiss(Party& party) noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  party.is_dismissed_ = true;
  for (auto& keys : queues_) {
    for (auto& [key, queue] : keys) refuse_waiting(*queue, &party, calls);
  }
  pump_all(calls);  // who stood behind one of the party
  for (auto& keys : queues_) {
    for (auto at = keys.begin(); at != keys.end();) forget_if_idle(*at++->second);
  }
  set_alarm();
}

/// All who wait there, or those of a party.
void Admission::refuse_waiting(Queue& queue, const Party* party, Calls& calls) noexcept {
  for (const std::unique_ptr<Queue::Line>& line : queue.lines) {
    if (party != nullptr && line->party != party) continue;
    for (const auto& [request, arrival] : line->waiting) {
      // It waits at each limit that it needs: it is told by the first of them.
      if (!request->grant_) continue;
      calls.refuse(*request);
      request->grant_.reset();
    }
    queue.waiting -= static_cast<std::int64_t>(line->waiting.size());
    line->waiting.clear();
  }
}

void Admission::set_slots(std::size_t limit, std::int64_t slots) noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  slots_[limit] = slots;
  for (auto& [key, queue] : queues_[limit]) pump(*queue, calls);
  set_alarm();
}

std::optional<std::int64_t> Admission::slots(std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  return slots_[limit];
}

void Admission::pause(std::size_t limit, const std::string& key, Clock::Point until) noexcept {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  Queue& queue = queue_of(limit, key);
  queue.paused_until = std::max(queue.paused_until, until);
  forget_if_idle(queue);  // when the pause is over
  set_alarm();
}

void Admission::halt(Party& party) noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  if (party.halts_++ != 0) return;
  for (auto& keys : queues_) {
    for (auto& [key, queue] : keys) {
      for (const std::unique_ptr<Queue::Line>& line : queue->lines) {
        if (line->party != &party || line->waiting.empty()) continue;
        line->waiting.front().request->hold_ = {queue->limit, Hold::For::room};
      }
    }
  }
  pump_all(calls);  // who stood behind one of the party
}

void Admission::resume(Party& party) noexcept {
  Calls calls;
  const std::lock_guard lock(mutex_);
  if (--party.halts_ != 0) return;
  pump_all(calls);
}

bool Admission::is_halted(const Party& party) const {
  const std::lock_guard lock(mutex_);
  return party.halts_ != 0;
}

void Admission::pump_all(Calls& calls) noexcept {
  for (auto& keys : queues_) {
    for (auto& [key, queue] : keys) pump(*queue, calls);
  }
  set_alarm();
}

std::vector<Admission::State> Admission::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<State> states;
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    if (queues_[i].empty()) {
      State& idle = states.emplace_back();
      idle.name = settings_[i].name;
      idle.slots = slots_[i];
    }
    for (const auto& [key, queue] : queues_[i]) {
      State& state = states.emplace_back();
      state.name = settings_[i].name;
      state.key = key;
      state.slots = slots_[i];
      state.taken = queue->taken;
      state.memory = queue->memory;
      state.running = queue->running;
      state.waiting = queue->waiting;
      std::map<std::string_view, std::int64_t> waiters;
      for (const std::unique_ptr<Queue::Line>& line : queue->lines) {
        for (const Queue::Waiting& waiting : line->waiting) ++waiters[waiting.request->owner()];
      }
      state.waiters.assign(waiters.begin(), waiters.end());
      const Clock::Point at = not_before(*queue);
      if (at != Clock::Point{} && at > clock_.now()) {
        state.not_before = at;
        state.paused = queue->paused_until == at;
      }
    }
  }
  return states;
}

}  // namespace weir::runtime
