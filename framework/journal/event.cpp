#include "journal/event.hpp"

#include <array>

namespace weir::journal {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"running", "backing_off", "done", "failed",
                                                     "cancelled"};

}  // namespace

std::string_view to_string(State state) { return kStates.at(static_cast<std::size_t>(state)); }

std::optional<State> parse_state(std::string_view text) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates.at(i) == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

}  // namespace weir::journal
