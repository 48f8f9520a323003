#pragma once

/// What an admission must do, said as simply as possible: the oracle of the simulation.

#include <cstdint>
#include <deque>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/admission.hpp"

namespace weir::test {

/// Is told what happens, and says what of it is wrong. A request is a number.
class AdmissionModel {
 public:
  using Admission = runtime::Admission;
  using Clock = runtime::Clock;

  /// Limits by their names, all different.
  explicit AdmissionModel(const std::vector<Admission::Settings>& limits);

  void waits(int request, int party, const Admission::Needs& needs);
  void is_admitted(int request, Clock::Point now);
  void is_refused(int request);
  void gives_back(int request);
  bool is_waiting(int request) const { return waiting_.contains(request); }

  // Before the admission is told.
  void set_slots(std::size_t limit, std::int64_t slots) { limits_[limit].slots = slots; }
  void pause(std::size_t limit, const std::string& key, Clock::Point until);
  void halt(int party) { ++halts_[party]; }
  void resume(int party) { --halts_[party]; }
  void dismiss(int party) { dismissed_.insert(party); }
  void close() { closed_ = true; }

  /// When everything has happened that happens at once.
  void check(const std::vector<Admission::State>& states, Clock::Point now);

  /// The first thing that was wrong; empty: nothing.
  const std::string& violation() const { return violation_; }
  template <class... Args>
  void expect(bool is_right, fmt::format_string<Args...> otherwise, Args&&... args) {
    if (is_right || !violation_.empty()) return;
    violation_ = fmt::format(otherwise, std::forward<Args>(args)...);
  }

 private:
  /// A limit, or a key of it.
  struct Place {
    std::deque<int> waiting;
    std::int64_t taken = 0;
    std::int64_t memory = 0;
    std::int64_t running = 0;
    std::vector<Clock::Point> starts;
    Clock::Point paused_until{};
  };
  using Places = std::map<std::pair<std::size_t, std::string>, Place>;

  Place& place(const Admission::Need& need) { return places_[{need.limit, need.key}]; }
  bool is_halted(int request) const;
  bool is_dismissed(int request) const { return dismissed_.contains(party_.at(request)); }
  /// Who is next; -1: nobody.
  int first_at(const Place& at) const;
  bool has_room(const Admission::Need& need);
  void check_rate(const Admission::Need& need, Clock::Point now);
  void check_state(const Admission::State& state, std::size_t limit, Clock::Point now);
  bool could_go(int request, Clock::Point now);

  std::vector<Admission::Settings> limits_;
  std::map<std::string, std::size_t> by_name_;
  Places places_;
  std::map<int, Admission::Needs> waiting_;
  std::map<int, Admission::Needs> running_;
  std::map<int, int> party_;  // of a request
  std::map<int, int> halts_;  // of a party
  std::set<int> dismissed_;   // parties
  bool closed_ = false;
  std::string violation_;
};

}  // namespace weir::test
