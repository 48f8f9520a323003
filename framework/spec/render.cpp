/// Diagnostics::render: what the user sees.

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <tuple>

#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"
#include "spec/utf8.hpp"

namespace weir::spec {

namespace {

/// How many columns of a source line are shown, and how many of them stand before the caret.
constexpr std::size_t window = 100;
constexpr std::size_t lead = 50;

auto order(const Diagnostic& d) {
  return std::tuple(d.place.line, d.place.column, d.severity, std::string_view(d.message));
}

std::vector<Diagnostic> sorted_without_repeats(std::vector<Diagnostic> all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return order(a) < order(b); });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) { return order(a) == order(b); };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

std::string repeat(char c, std::size_t times) { return std::string(times, c); }

void render_line(std::string& out, const Lines& lines, const Place& place,
                 const Diagnostics::Mask& mask) {
  const std::string_view line = lines.line(place.line);
  const std::size_t line_begin = lines.offset(place.line, 1);
  const std::size_t line_end = line_begin + line.size();

  // Only the window is looked at: a line may be as long as the file.
  const bool is_long = line.size() > window && lines.offset(place.line, window + 1) < line_end;
  const std::size_t from = is_long && place.column > lead ? place.column - lead : 1;
  std::size_t at = lines.offset(place.line, from);
  const std::size_t end = is_long ? lines.offset(place.line, from + window) : line_end;
  const std::string_view text = lines.text();
  if (mask) {
    const std::string raw = fmt::format("{}{}{}", from > 1 ? "…" : "", text.substr(at, end - at),
                                        end < line_end ? "…" : "");
    if (mask(raw) != raw) return;
  }

  std::string shown = from > 1 ? "…" : "";
  std::size_t width = from > 1 ? 1 : 0;
  std::size_t caret_begin = 0;
  std::size_t caret_end = 0;
  std::size_t column = from;
  for (; at < end; ++column) {
    const bool is_tab = text[at] == '\t';
    const std::string printable_cell = next_printable(text, at);
    const std::string_view cell = is_tab ? " " : std::string_view(printable_cell);
    if (column == place.column) caret_begin = width;
    width += count_code_points(cell);
    if (column >= place.column && column < place.column + place.length) caret_end = width;
    shown += cell;
  }
  if (place.column >= column) caret_begin = width;
  if (end < line_end) shown += "…";

  const std::string number = std::to_string(place.line);
  fmt::format_to(std::back_inserter(out), "  {} |{}{}\n", number, shown.empty() ? "" : " ", shown);
  fmt::format_to(std::back_inserter(out), "  {} | {}^{}\n", repeat(' ', number.size()),
                 repeat(' ', caret_begin),
                 repeat('~', caret_end > caret_begin + 1 ? caret_end - caret_begin - 1 : 0));
}

}  // namespace

std::string Diagnostics::render(const SourceText& source, const Mask& mask) const {
  const Lines lines(source.text);
  const std::string file = printable(source.name);
  std::string out;
  for (const Diagnostic& diagnostic : sorted_without_repeats(all_)) {
    const Place& place = diagnostic.place;
    out += diagnostic.of_options ? "weir" : file;
    if (place.line != 0) out += fmt::format(":{}:{}", place.line, place.column);
    out += diagnostic.severity == Diagnostic::Severity::error ? ": error: " : ": warning: ";
    out += printable(mask ? mask(diagnostic.message) : diagnostic.message);
    out += '\n';
    const bool has_line = place.line != 0 && place.line <= lines.count() && !lines.text().empty();
    if (has_line) render_line(out, lines, place, mask);
  }
  return out;
}

}  // namespace weir::spec
