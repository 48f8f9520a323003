#pragma once

/// One observer that passes on to several.

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/observer.hpp"

namespace weir::view {

/// They must outlive it. The first one prints; the others only hear what happens.
class Observers final : public runtime::Observer {
 public:
  explicit Observers(std::vector<runtime::Observer*> observers)
      : observers_(std::move(observers)) {}

  void item_ended(const runtime::ItemEnd& end) noexcept override {
    for (runtime::Observer* const observer : observers_) observer->item_ended(end);
  }
  void attempt_failed(const runtime::FailedAttempt& attempt) noexcept override {
    for (runtime::Observer* const observer : observers_) observer->attempt_failed(attempt);
  }
  void note(std::string_view node, std::string_view line) noexcept override {
    for (runtime::Observer* const observer : observers_) observer->note(node, line);
  }
  std::string print(std::string_view lines) noexcept override {
    return observers_.front()->print(lines);
  }
  std::unique_ptr<runtime::OutputTap> tap(std::string_view node, std::string_view item,
                                          std::int64_t attempt) noexcept override {
    return observers_.front()->tap(node, item, attempt);
  }
  bool shows_output() const noexcept override { return observers_.front()->shows_output(); }
  bool watches_items() const noexcept override {
    return std::any_of(observers_.begin(), observers_.end(),
                       [](const runtime::Observer* one) { return one->watches_items(); });
  }
  void suspends() noexcept override { observers_.front()->suspends(); }
  void resumes() noexcept override { observers_.front()->resumes(); }

 private:
  const std::vector<runtime::Observer*> observers_;
};

}  // namespace weir::view
