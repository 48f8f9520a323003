#include "view/record/cause.hpp"

#include <fmt/format.h>

namespace weir::view {

std::string to_string(const Cause& cause) {
  const auto of = [&](const char* what) {
    return cause.limit.empty() ? std::string(what) : fmt::format("{} {}", what, cause.limit);
  };
  switch (cause.kind) {
    case Cause::Kind::handed_on:
      return "handed on";
    case Cause::Kind::ordered:
      return "ordered";
    case Cause::Kind::queue:
      return "queue";
    case Cause::Kind::limit:
      return of("limit");
    case Cause::Kind::memory:
      return of("memory");
    case Cause::Kind::rate:
      return of("rate");
    case Cause::Kind::pause:
      return of("pause");
    case Cause::Kind::worker:
      return "worker";
    case Cause::Kind::run:
      return "run";
    case Cause::Kind::back_off:
      return "back-off";
  }
  return "?";
}

std::optional<Cause> wait_for(std::string_view held_for, std::string_view held_by) {
  if (held_for == "room") return Cause{Cause::Kind::queue};
  if (held_by.empty()) return std::nullopt;
  if (held_for == "memory") return Cause{Cause::Kind::memory, held_by};
  if (held_for == "rate") return Cause{Cause::Kind::rate, held_by};
  if (held_for == "pause") return Cause{Cause::Kind::pause, held_by};
  return Cause{Cause::Kind::limit, held_by};
}

bool is_of_limit(Cause::Kind kind) {
  return kind == Cause::Kind::limit || kind == Cause::Kind::memory || kind == Cause::Kind::rate ||
         kind == Cause::Kind::pause;
}

Cause limit_waited_for(const GraphNode& node, const Causes& causes) {
  Cause cause{Cause::Kind::limit, {}};
  Recording::Time most = 0;
  for (const auto& [of, sum] : causes) {
    if (!is_of_limit(of.kind) || sum <= most) continue;
    most = sum;
    cause = of;
  }
  if (most == 0 && !node.limits.empty()) cause.limit = node.limits.front();
  if (most == 0 && node.limit) cause.limit = node.name;
  return cause;
}

}  // namespace weir::view
