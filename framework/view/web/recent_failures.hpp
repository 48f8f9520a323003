#pragma once

/// The failures of a run that came last, for the live page.

#include <cstdint>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runtime/observer.hpp"

namespace weir::view {

/// An observer that says nothing. Items in work are for the page, too.
class RecentFailures final : public runtime::Observer {
 public:
  static constexpr std::size_t kMost = 50;

  void item_ended(const runtime::ItemEnd& end) noexcept override;
  bool watches_items() const noexcept override { return true; }
  void note(std::string_view /*node*/, std::string_view /*line*/) noexcept override {}
  std::string print(std::string_view /*lines*/) noexcept override { return {}; }

  /// How many there have been.
  std::int64_t total() const;
  /// The newest first: [{"node", "item", "id", "error", "status", "attempts", "seconds", "log",
  /// "number", "tail": […]}].
  nlohmann::ordered_json json() const;
  /// The number at its node of an item that failed lately; `item` is its id or its text.
  std::optional<std::int64_t> number_of(const std::string& node, const std::string& item) const;

 private:
  struct Kept {
    std::string node, item, id, error, output, log;
    std::int64_t number = 0;
    int status = -1;
    std::int64_t attempts = 1;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::int64_t total_ = 0;
  std::deque<Kept> failures_;  ///< the newest first
};

}  // namespace weir::view
