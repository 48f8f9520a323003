#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <limits>

#include "spec/diagnostic.hpp"

namespace weir::spec {

namespace {

/// Longer names are not looked at: nobody misspells them, and the time grows with the square.
constexpr std::size_t longest = 64;

/// Distances are counted in halves, because letter case counts half.
constexpr std::size_t edit = 2;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t substitution(char a, char b) {
  if (a == b) return 0;
  return lower(a) == lower(b) ? edit / 2 : edit;
}

/// Damerau-Levenshtein distance (optimal string alignment), or anything above `limit` as soon as it
/// is clear that it is above.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  using Row = std::array<std::size_t, longest + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j * edit;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i * edit;
    std::size_t least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min(
          {last[j] + edit, row[j - 1] + edit, last[j - 1] + substitution(a[i - 1], b[j - 1])});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + edit);
      least = std::min(least, row[j]);
    }
    if (least > limit + edit) return least;
  }
  return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.size() > longest) return "";
  const std::size_t most = edit * std::max<std::size_t>(1, name.size() / 3);
  const std::string* best = nullptr;
  std::size_t best_distance = most + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest) continue;
    const auto [shorter, longer] = std::minmax({name.size(), candidate.size()});
    if ((longer - shorter) * edit >= best_distance) continue;
    const std::size_t d = distance(name, candidate, best_distance);
    // Something of the name must be left: 'b' is not a misspelling of 'a'.
    if (d < best_distance && d < longer * edit) {
      best = &candidate;
      best_distance = d;
    }
  }
  return best == nullptr ? "" : *best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string found = nearest(name, candidates);
  return found.empty() ? "" : fmt::format("; did you mean '{}'?", found);
}

}  // namespace weir::spec
