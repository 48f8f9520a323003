#pragma once

/// An observer that passes on what it is told without secrets.

#include <memory>
#include <string>
#include <string_view>

#include "journal/secrets.hpp"
#include "runtime/observer.hpp"

namespace weir::view {

/// Failures and outputs come masked; the texts of items, and notes, do not. Both must outlive it.
class Masking final : public runtime::Observer {
 public:
  Masking(runtime::Observer& to, const journal::Secrets& secrets) : to_(to), secrets_(secrets) {}

  void item_ended(const runtime::ItemEnd& end) noexcept override;
  void attempt_failed(const runtime::FailedAttempt& attempt) noexcept override;
  void note(std::string_view node, std::string_view line) noexcept override;
  std::unique_ptr<runtime::OutputTap> tap(std::string_view node, std::string_view item,
                                          std::int64_t attempt) noexcept override;
  std::string print(std::string_view lines) noexcept override { return to_.print(lines); }
  bool shows_output() const noexcept override { return to_.shows_output(); }
  bool watches_items() const noexcept override { return to_.watches_items(); }
  void suspends() noexcept override { to_.suspends(); }
  void resumes() noexcept override { to_.resumes(); }

 private:
  std::string masked(std::string_view text) const noexcept;

  runtime::Observer& to_;
  const journal::Secrets& secrets_;
};

}  // namespace weir::view
