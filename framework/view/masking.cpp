#include "view/masking.hpp"

#include <exception>

namespace weir::view {

std::string Masking::masked(std::string_view text) const noexcept {
  try {
    return journal::mask(std::string(text), secrets_);
  } catch (const std::exception&) {
    return {};  // no memory for it: rather nothing than all of it
  }
}

void Masking::item_ended(const runtime::ItemEnd& end) noexcept {
  const std::string item = masked(end.item);
  runtime::ItemEnd shown = end;
  shown.item = item;
  to_.item_ended(shown);
}

void Masking::attempt_failed(const runtime::FailedAttempt& attempt) noexcept {
  const std::string item = masked(attempt.item);
  runtime::FailedAttempt shown = attempt;
  shown.item = item;
  to_.attempt_failed(shown);
}

void Masking::note(std::string_view node, std::string_view line) noexcept {
  to_.note(node, masked(line));
}

std::unique_ptr<runtime::OutputTap> Masking::tap(std::string_view node, std::string_view item,
                                                 std::int64_t attempt) noexcept {
  return to_.tap(node, masked(item), attempt);
}

}  // namespace weir::view
