#pragma once

/// An admission in virtual time, and those who want in.

#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/admission.hpp"
#include "virtual_clock.hpp"

namespace weir::test {

using runtime::Admission;
using runtime::Clock;
using runtime::Permit;
using Names = std::vector<std::string>;

/// A limit's settings, part by part.
inline Admission::Settings slots(std::int64_t count, std::string name = "limit") {
  return {std::move(name), count, {}, {}};
}
inline Admission::Settings rate(Clock::Duration interval, std::optional<std::int64_t> slots = {}) {
  return {"rate", slots, interval, {}};
}
inline Admission::Settings memory(std::int64_t bytes) { return {"memory", {}, {}, bytes}; }

inline Admission::Need of(std::uint32_t limit, std::int64_t slots = 1) {
  return {limit, "", slots, 0};
}
inline Admission::Need key(std::string key, std::uint32_t limit = 0) {
  return {limit, std::move(key), 1, 0};
}
inline Admission::Need bytes(std::int64_t memory) { return {0, "", 1, memory}; }

/// One that waits, works until it is told to end, and remembers what happened to it.
class Worker final : public Admission::Request {
 public:
  explicit Worker(std::string name, Names* started = nullptr,
                  const Admission::Party* party = nullptr)
      : Request(party), name_(std::move(name)), started_(started) {}

  void admitted(Permit permit) noexcept override {
    ++admissions;
    permit_ = std::move(permit);
    if (started_ != nullptr) started_->push_back(name_);
    if (on_start) on_start();
  }
  void refused() noexcept override { ++refusals; }
  void end() { permit_.give_back(); }
  /// "build: slots": what it waited for last; empty: it did not wait.
  std::string held(const Admission& admission) const {
    if (!hold()) return {};
    return admission.settings()[hold()->limit].name + ": " + std::string(to_string(hold()->why));
  }

  int admissions = 0;
  int refusals = 0;
  std::function<void()> on_start;

 private:
  const std::string name_;
  Names* const started_;
  Permit permit_;
};

class AdmissionTest : public ::testing::Test {
 protected:
  void TearDown() override {
    if (admission_) admission_->close();
  }
  void limits(std::vector<Admission::Settings> settings) {
    admission_.emplace(std::move(settings), clock_);
  }
  Worker& enter(const std::string& name, Admission::Needs needs = Admission::Needs(1),
                const Admission::Party* party = nullptr) {
    Worker& worker = *workers_.emplace_back(std::make_unique<Worker>(name, &started_, party));
    admission_->enter(worker, std::move(needs));
    return worker;
  }
  Names started() { return std::exchange(started_, {}); }
  Admission::State state(std::size_t index = 0) { return admission_->states().at(index); }

  VirtualClock clock_;
  std::optional<Admission> admission_;
  Names started_;
  std::vector<std::unique_ptr<Worker>> workers_;  // end before the admission
};

}  // namespace weir::test
