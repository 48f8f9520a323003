#include "view/record/replay.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "runtime/admission.hpp"
#include "runtime/hold.hpp"
#include "view/record/durations.hpp"
#include "view/record/roots.hpp"
#include "view/record/throttles.hpp"
#include "view/record/virtual_time.hpp"

namespace weir::view {
namespace {

using runtime::Admission;
using Time = Recording::Time;

/// While it lasts as long as the run did.
constexpr Time kSamples = 200;

/// How much of its waiting an attempt does before it works; it is not known when that was. From a
/// half to all of it, far from that of its neighbours: were it the same for all, those that began
/// together would go on wanting processors at the same time, and leave them idle at the same time.
/// But commands of a function are alike, so it is not spread over all of it either.
double share_before_work(std::size_t number) {
  constexpr double kGolden = 0.6180339887498949;
  const double product = static_cast<double>(number) * kGolden;
  return 1 - (product - std::floor(product)) / 2;
}

/// The limits of a recording, with other slots, and what functions take of them.
class Limits {
 public:
  Limits(const Recording& recording, const Slots& slots) : of_node_(recording.graph.nodes.size()) {
    const auto slots_of = [&](const std::string& name, std::optional<std::int64_t> recorded) {
      const auto found = slots.find(name);
      return found == slots.end() ? recorded : found->second;
    };
    for (const GraphLimit& limit : recording.graph.limits) {
      Admission::Settings& to = add(limit.name);
      to.slots = slots_of(limit.name, limit.slots);
      to.memory = limit.memory;
      if (limit.interval) {
        to.interval = std::chrono::nanoseconds(static_cast<Time>(*limit.interval * 1e9));
      }
    }
    for (std::size_t i = 0; i < of_node_.size(); ++i) {
      const GraphNode& node = recording.graph.nodes[i];
      if (node.kind != "function" || node.work == "computes") continue;
      for (const std::string& name : node.limits) of_node_[i].push_back(numbers_.at(name));
      const bool is_asked_for = slots.contains(node.name) && !numbers_.contains(node.name);
      if (!node.limit && !is_asked_for) continue;
      of_node_[i].push_back(settings_.size());
      add(node.name).slots = slots_of(node.name, node.limit);
    }
  }

  const std::vector<Admission::Settings>& settings() const { return settings_; }
  /// By the limit's name; nullopt: there is none.
  std::optional<std::size_t> number_of(const std::string& name) const {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
  }

  Admission::Needs needs(std::size_t node, const std::string& recorded) const {
    Admission::Needs needs;
    for (const std::size_t limit : of_node_[node]) {
      needs.emplace_back().limit = static_cast<std::uint32_t>(limit);
    }
    if (recorded.empty()) return needs;
    const auto all = nlohmann::json::parse(recorded);
    for (const auto& one : all) {
      const auto number = numbers_.find(one.at(0).get<std::string>());
      if (number == numbers_.end()) continue;
      for (Admission::Need& need : needs) {
        if (need.limit != number->second) continue;
        need.slots = one.at(1).get<std::int64_t>();
        need.memory = one.at(2).get<std::int64_t>();
        need.key = one.at(3).get<std::string>();
      }
    }
    return needs;
  }

 private:
  Admission::Settings& add(const std::string& name) {
    numbers_[name] = settings_.size();
    Admission::Settings& settings = settings_.emplace_back();
    settings.name = name;
    return settings;
  }

  std::vector<Admission::Settings> settings_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::vector<std::size_t>> of_node_;
};

/// Until the last attempt had ended.
double seconds_of_items(const Recording& recording) {
  Time last = 0;
  for (const Recording::Item& item : recording.items) {
    last = std::max(last, item.attempts.back().ended);
  }
  return static_cast<double>(last) / 1e9;
}

class Replay {
 public:
  Replay(const Recording& recording, const Slots& slots, const Throttles& throttles,
         const Durations& durations)
      : recording_(recording),
        limits_(recording, slots),
        throttles_(throttles),
        durations_(durations),
        admission_(limits_.settings(), time_),
        processors_(time_, durations.processors()),
        nodes_(recording.graph.nodes.size()),
        most_in_flight_(most_in_flight(recording)) {
    where_.nodes.resize(nodes_.size());
    make_nodes();
    for (std::size_t i = 0; i < recording.items.size(); ++i) visits_.emplace_back(*this, i);
    make_families();
    change_slots(slots);
  }

  /// Nothing gets in any more by what is given back now.
  ~Replay() { admission_.close(); }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  /// What held it back is found only if it is asked for: that takes a while.
  Replayed run(bool finds_bottleneck) {
    for (Node& node : nodes_) give_roots(node);
    if (finds_bottleneck) sample();
    time_.run();
    Replayed replayed;
    const double behind = seconds_to_replay(recording_) - seconds_of_items(recording_);
    replayed.seconds = static_cast<double>(last_end_) / 1e9 + behind;
    const double most = durations_.processors() * static_cast<double>(last_end_) / 1e9;
    replayed.busy_share = most > 0 ? processors_.used_seconds() / most : 0;
    if (finds_bottleneck) replayed.bottleneck = found_bottleneck();
    replayed.is_complete = ended_ == visits_.size();
    return replayed;
  }

 private:
  class Visit;

  struct Node final : runtime::Haltable {
    void halt() noexcept override { admission->halt(party); }
    void resume() noexcept override { admission->resume(party); }

    Admission* admission = nullptr;
    Admission::Party party;
    bool shares_limits = false;
    std::optional<std::int64_t> capacity;  // of the queue that it reads
    std::int64_t waiting = 0;              // in it
    Recording::Sample::Node counts;        // those in it wait, too
    /// With their shares of what is held back for as long.
    std::deque<std::pair<Visit*, std::shared_ptr<void>>> without_room;
    std::vector<Root> roots;  // in the order in which they come
    std::size_t given = 0;
    std::int64_t in_flight = 0;
    Time last_given = 0;
    bool is_due = false;  // an event will look at the next one
    // Of an ordered one: its items in the order in which they came, and how many have gone on.
    std::vector<std::size_t> order;
    std::size_t gone_on = 0;
  };

  class Visit final : public Admission::Request {
   public:
    Visit(Replay& of, std::size_t number)
        : Request(&of.node_of(number).party), of_(of), number_(number) {}

    void get_in_line() {
      const Recording::Item& item = of_.recording_.items[number_];
      queued_ = of_.time_.ns();
      ++counts().waiting;
      of_.admission_.enter(*this, of_.limits_.needs(item.node, item.attempts[attempt_].needs));
    }
    void admitted(runtime::Permit permit) noexcept override {
      permit_ = std::move(permit);
      of_.note_wait(*this);
      --counts().waiting;
      ++counts().running;
      if (attempt_ == 0) of_.left_queue(of_.recording_.items[number_].node);
      const Durations::Of took = of_.durations_.of(number_, attempt_);
      if (took.works == 0) return after(took.waits, [this] { end_attempt(); });
      const auto before =
          static_cast<Time>(share_before_work(number_) * static_cast<double>(took.waits));
      after(before, [this, took, before] {
        of_.processors_.work(took.works, [this, rest = took.waits - before] {
          after(rest, [this] { end_attempt(); });
        });
      });
    }
    void refused() noexcept override {}
    std::string_view owner() const noexcept override {
      return of_.recording_.graph.nodes[of_.recording_.items[number_].node].name;
    }

    std::size_t number() const { return number_; }
    Time waited() const { return of_.time_.ns() - queued_; }
    const std::optional<Admission::Hold>& held() const { return hold(); }

    std::size_t root = 0;   // its oldest ancestor
    std::int64_t open = 0;  // of a root: how many of its family have not ended
    bool is_over = false;
    std::vector<std::size_t> children;

   private:
    void after(Time time, std::function<void()> call) {
      of_.time_.at(of_.time_.ns() + time, std::move(call));
    }

    void end_attempt() {
      runtime::Permit permit = std::move(permit_);
      of_.pause_behind(number_, attempt_);
      const Recording::Item& item = of_.recording_.items[number_];
      --counts().running;
      if (attempt_ + 1 == item.attempts.size()) {
        ++counts().done;
        return of_.ended(*this, std::move(permit));
      }
      ++counts().backing_off;
      const Time pause = item.attempts[attempt_ + 1].queued - item.attempts[attempt_].ended;
      ++attempt_;
      of_.time_.at(of_.time_.ns() + pause, [this] {
        --counts().backing_off;
        get_in_line();
      });
    }

    Recording::Sample::Node& counts() { return of_.node_of(number_).counts; }

    Replay& of_;
    const std::size_t number_;
    std::size_t attempt_ = 0;
    Time queued_ = 0;
    runtime::Permit permit_;
  };

  void make_nodes() {
    const auto capacities = capacities_before(recording_.graph);
    std::vector<std::vector<Root>> roots = roots_of(recording_);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].admission = &admission_;
      nodes_[i].shares_limits = !recording_.graph.nodes[i].limits.empty();
      nodes_[i].capacity = capacities[i];
      nodes_[i].roots = std::move(roots[i]);
    }
  }

  void make_families() {
    for (std::size_t i = 0; i < visits_.size(); ++i) {
      const Recording::Item& item = recording_.items[i];
      const bool is_root = item.parent == Recording::kNone;
      visits_[i].root = is_root ? i : visits_[item.parent].root;
      ++visits_[visits_[i].root].open;
      if (!is_root) visits_[item.parent].children.push_back(i);
      if (recording_.graph.nodes[item.node].ordered) nodes_[item.node].order.push_back(i);
    }
    for (Node& node : nodes_) {
      std::stable_sort(node.order.begin(), node.order.end(), [&](std::size_t a, std::size_t b) {
        return recording_.items[a].arrived < recording_.items[b].arrived;
      });
    }
  }

  /// One that lets nothing in at the end is left out: nobody knows when it would have again.
  void change_slots(const Slots& asked) {
    const std::vector<SlotsChange> changes = changes_of_slots(recording_);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const SlotsChange& change = changes[i];
      const auto number = limits_.number_of(change.limit);
      const bool is_last =
          std::none_of(changes.begin() + static_cast<std::ptrdiff_t>(i) + 1, changes.end(),
                       [&](const SlotsChange& later) { return later.limit == change.limit; });
      if (!number || asked.contains(change.limit) || (change.slots == 0 && is_last)) continue;
      time_.at(change.at, [this, limit = *number, slots = change.slots] {
        admission_.set_slots(limit, slots);
      });
    }
  }

  /// As a sampler does it, but further apart the longer it lasts.
  void sample() {
    Recording::Sample& sample = stood_.emplace_back();
    sample.at = time_.ns();
    sample.nodes.resize(nodes_.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      sample.nodes[i] = nodes_[i].counts;
      given += static_cast<std::int64_t>(nodes_[i].given);
    }
    for (const GraphEdge& edge : recording_.graph.edges) {
      if (recording_.graph.nodes[edge.from].kind != "queue") continue;
      sample.nodes[edge.from].waiting = nodes_[edge.to].waiting;
    }
    // Which source gave what is not known.
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (recording_.graph.nodes[i].kind == "source") sample.nodes[i].in = given;
    }
    sample.limits = limits_of_note();
    const Time step = std::max<Time>({1, recording_.last / kSamples, time_.ns() / kSamples});
    if (!time_.is_over()) time_.at(time_.ns() + step, [this] { this->sample(); });
  }

  std::vector<runtime::LimitStatus> limits_of_note() const {
    std::vector<runtime::LimitStatus> limits;
    for (const Admission::State& state : admission_.states()) {
      const auto began_with = limits_.settings()[*limits_.number_of(state.name)].slots;
      if (state.waiting == 0 && state.slots == began_with) continue;
      if (limits.empty() || limits.back().name != state.name) {
        limits.push_back(limit_named(recording_.graph, state.name).value());
        limits.back().slots = state.slots;
        limits.back().states.clear();
      }
      runtime::LimitState& to = limits.back().states.emplace_back();
      to.key = state.key;
      to.taken = state.taken;
      to.memory_taken = state.memory;
      to.waiting = state.waiting;
      if (state.not_before) (state.paused ? to.paused_for : to.next_start) = 0;
      for (const auto& [owner, items] : state.waiters) to.waiters.push_back({owner, items});
    }
    return limits;
  }

  /// Found as that of a run that was: nothing else would be comparable.
  Bottleneck found_bottleneck() {
    sample();
    Recording thought;
    thought.state = "done";
    thought.last = last_end_;
    thought.threads = recording_.threads;
    thought.max_in_flight = recording_.max_in_flight;
    thought.graph = recording_.graph;
    for (GraphLimit& limit : thought.graph.limits) {
      limit.slots = limits_.settings()[*limits_.number_of(limit.name)].slots;
    }
    for (GraphNode& node : thought.graph.nodes) {
      const auto own = limits_.number_of(node.name);
      if (own && node.kind == "function") node.limit = limits_.settings()[*own].slots;
    }
    thought.samples = std::move(stood_);
    return bottleneck_of(thought, where_);
  }

  bool has_room(const Node& node) const { return !node.capacity || node.waiting < *node.capacity; }

  /// What a source gives, as soon as it can and may.
  void give_roots(Node& node) {
    while (node.given < node.roots.size() && !node.is_due) {
      if (node.in_flight >= most_in_flight_ || !has_room(node)) return;
      const Root& next = node.roots[node.given];
      const Time at = node.last_given + next.after;
      if (at > time_.ns()) {
        node.is_due = true;
        time_.at(at, [this, &node] {
          node.is_due = false;
          give_roots(node);
        });
        return;
      }
      node.last_given = time_.ns();
      ++node.given;
      ++node.in_flight;
      enter(visits_[next.item]);
    }
  }

  void enter(Visit& visit) {
    Node& node = node_of(visit.number());
    ++node.waiting;
    ++node.counts.in;
    visit.get_in_line();
  }

  Node& node_of(std::size_t item) { return nodes_[recording_.items[item].node]; }

  /// On its way from what it came of, whose holder holds something back until there is room.
  void arrive(Visit& visit, runtime::Holder* holder) {
    Node& node = node_of(visit.number());
    if (has_room(node) && node.without_room.empty()) return enter(visit);
    node.without_room.emplace_back(&visit, holder == nullptr ? nullptr : holder->share());
  }

  void left_queue(std::size_t number) {
    --nodes_[number].waiting;
    // Not inside of the admission's call.
    time_.at(time_.ns(), [this, number] {
      Node& node = nodes_[number];
      while (!node.without_room.empty() && has_room(node)) {
        const auto [visit, share] = std::move(node.without_room.front());
        node.without_room.pop_front();
        enter(*visit);
      }
      give_roots(node);
    });
  }

  /// If it failed in a way that its limits pause for.
  void pause_behind(std::size_t number, std::size_t attempt) {
    const auto throttle = throttles_.find({number, attempt});
    if (throttle == throttles_.end()) return;
    const Recording::Item& item = recording_.items[number];
    const auto until = time_.now() + std::chrono::nanoseconds(throttle->second);
    for (const Admission::Need& need : limits_.needs(item.node, item.attempts[attempt].needs)) {
      admission_.pause(need.limit, need.key, until);
    }
  }

  void note_wait(const Visit& visit) {
    const Time waited = visit.waited();
    if (waited == 0 || !visit.held()) return;
    const Admission::Hold& held = *visit.held();
    const auto cause = wait_for(to_string(held.why), limits_.settings()[held.limit].name);
    where_.nodes[recording_.items[visit.number()].node][*cause] += waited;
    where_.all += waited;
  }

  void ended(Visit& visit, runtime::Permit permit) {
    last_end_ = std::max(last_end_, time_.ns());
    ++ended_;
    Node& node = node_of(visit.number());
    runtime::PermitHolder holder(std::move(permit), node.shares_limits ? &node : nullptr);
    if (!recording_.graph.nodes[recording_.items[visit.number()].node].ordered) {
      go_on(visit, holder);
    } else {
      visit.is_over = true;
      while (node.gone_on < node.order.size() && visits_[node.order[node.gone_on]].is_over) {
        go_on(visits_[node.order[node.gone_on++]], holder);
      }
    }
    holder.let_go();
  }

  void go_on(Visit& visit, runtime::Holder& holder) {
    const Recording::Item& item = recording_.items[visit.number()];
    const bool is_ordered = recording_.graph.nodes[item.node].ordered;
    for (const std::size_t number : visit.children) {
      const Recording::Item& child = recording_.items[number];
      // Where it waited for its turn or for room, that is worked out anew.
      const bool is_free = !is_ordered && !nodes_[child.node].capacity;
      const Time way = is_free ? std::max<Time>(0, child.arrived - item.ended) : 0;
      if (way == 0) {
        arrive(visits_[number], &holder);
      } else {
        time_.at(time_.ns() + way, [this, number] { arrive(visits_[number], nullptr); });
      }
    }
    Visit& root = visits_[visit.root];
    if (--root.open != 0) return;
    Node& node = nodes_[recording_.items[visit.root].node];
    --node.in_flight;
    give_roots(node);
  }

  const Recording& recording_;
  const Limits limits_;
  const Throttles& throttles_;
  const Durations& durations_;
  VirtualTime time_;
  Admission admission_;
  Processors processors_;
  std::vector<Node> nodes_;            // never more or fewer
  const std::int64_t most_in_flight_;  // of what one node's roots are, and what came of them
  std::deque<Visit> visits_;
  Where where_;
  Time last_end_ = 0;
  std::size_t ended_ = 0;
  std::vector<Recording::Sample> stood_;
};

}  // namespace

double seconds_to_replay(const Recording& recording) {
  return is_cut_off(recording) ? seconds_of_items(recording)
                               : static_cast<double>(recording.last) / 1e9;
}

Replayed replay(const Recording& recording, const Slots& slots) {
  const Throttles throttles = throttles_of(recording);
  Durations durations(recording);
  durations.fit(seconds_to_replay(recording),
                [&] { return Replay(recording, {}, throttles, durations).run(false).seconds; });
  return Replay(recording, slots, throttles, durations).run(true);
}

}  // namespace weir::view
