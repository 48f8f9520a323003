#include "spec/yaml_error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <string_view>

#include "spec/token.hpp"

namespace weir::spec {

namespace {

struct Explanation {
  std::string_view theirs;  ///< how yaml-cpp's message begins
  std::string_view ours;
};

constexpr std::array explanations{
    Explanation{"end of map flow not found", "expected ',' or '}' here; a '{' is not closed"},
    Explanation{"end of sequence flow not found", "expected ',' or ']' here; a '[' is not closed"},
    Explanation{"end of map not found",
                "expected 'key: value' here, indented like the keys before it"},
    Explanation{"end of sequence not found",
                "expected '- item' here, indented like the items before it"},
    Explanation{"illegal flow end", "this bracket does not close the last one that was opened"},
    Explanation{"illegal block entry", "'- item' can't stand here; it needs a line of its own"},
    Explanation{"illegal map key", "a key can't stand here; it needs a line of its own"},
    Explanation{"illegal map value",
                "a second ':' can't stand here; put a text that contains ': ' in quotes"},
    Explanation{"illegal EOF in scalar", "the file ends inside of a text in quotes"},
    Explanation{"illegal document indicator in scalar",
                "'---' or '...' stands inside of a text in quotes; is a quote missing?"},
    Explanation{"illegal tab when looking for indentation", "indent with spaces, not with tabs"},
    Explanation{"unknown token",
                "this character can't begin a value; put a text that begins with it in quotes"},
    Explanation{
        "unknown escape character",
        "unknown escape in double quotes; write '\\\\' for a backslash, or use single quotes"},
    Explanation{"bad character found while scanning hex number",
                "the escape needs more hexadecimal digits"},
    Explanation{"invalid unicode", "the escape is not a character"},
    Explanation{
        "the referenced anchor is not defined",
        "no anchor with this name stands before it; put a text that begins with '*' in quotes"},
    Explanation{"alias not found",
                "'*' needs a name behind it; put a text that begins with it in quotes"},
    Explanation{"anchor not found",
                "'&' needs a name behind it; put a text that begins with it in quotes"},
    Explanation{"illegal character found while scanning alias",
                "this can't be part of an alias; put a text that begins with '*' in quotes"},
    Explanation{"illegal character found while scanning anchor",
                "this can't be part of an anchor; put a text that begins with '&' in quotes"},
    Explanation{"cannot assign multiple anchors", "a value can have one anchor only"},
    Explanation{"cannot assign multiple tags", "a value can't have several tags"},
    Explanation{"cannot set zero indentation", "the indentation of a block can't be 0"},
    Explanation{"unexpected character in block scalar",
                "nothing but '+', '-' or a digit can follow '|' or '>' in its line"},
    Explanation{"YAML major version too large", "only YAML 1 is known"},
    Explanation{"bad file", "nested too deep"},
};

/// `${` outside of quotes, inside of brackets: the commonest way to upset the flow style.
bool breaks_flow(const std::string& message, std::string_view line) {
  const bool is_about_flow = message.find("flow") != std::string::npos;
  return is_about_flow && line.find("${") != std::string_view::npos;
}

/// "'{' is not closed" with the place where it stands.
std::string with_line(std::string_view explanation, std::uint32_t bracket_line) {
  const std::size_t bracket = explanation.find("; a '");
  if (bracket_line == 0 || bracket == explanation.npos) return std::string(explanation);
  const std::string_view character = explanation.substr(bracket + 5, 1);
  return fmt::format("{}; the '{}' in line {} is not closed", explanation.substr(0, bracket),
                     character, bracket_line);
}

std::string explanation(const std::string& message, std::string_view line,
                        std::uint32_t bracket_line) {
  if (breaks_flow(message, line)) {
    return "between brackets, a text that contains '${' must stand in quotes";
  }
  for (const Explanation& known : explanations) {
    if (message.starts_with(known.theirs)) return with_line(known.ours, bracket_line);
  }
  return message;
}

/// Where in that line a key is followed by ':' and its value without a space between them, or
/// nothing. YAML takes such a line for one text.
std::optional<std::size_t> colon_without_space(std::string_view line) {
  const std::size_t key = line.find_first_not_of(" -");
  if (key == std::string_view::npos) return std::nullopt;
  const std::size_t colon = line.find(':', key);
  if (colon == std::string_view::npos || colon == key || colon + 1 == line.size()) {
    return std::nullopt;
  }
  for (const char c : line.substr(key, colon - key)) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-') {
      return std::nullopt;
    }
  }
  const char behind = line[colon + 1];
  // 'http://x' is no key.
  if (behind == ' ' || behind == '\t' || behind == ':' || behind == '/') return std::nullopt;
  return colon;
}

/// YAML notices a ':' without a space only at the next ':', which may be a line further down.
bool report_missing_space(const Lines& lines, std::size_t line_number, Diagnostics& diagnostics) {
  for (std::size_t number = line_number; number > 0 && number + 1 >= line_number; --number) {
    const std::string_view line = lines.line(number);
    if (const auto colon = colon_without_space(line)) {
      const std::size_t at = lines.offset(number, 1) + *colon;
      diagnostics.error(lines.place(at, at + 1), "not YAML: a key's ':' needs a space behind it");
      return true;
    }
  }
  return false;
}

/// Tabs as indentation upset yaml-cpp in many ways, and wherever it notices.
bool report_tab(const Lines& lines, std::size_t line_number, Diagnostics& diagnostics) {
  const std::string_view line = lines.line(line_number);
  const std::size_t indentation = std::min(line.find_first_not_of(" \t"), line.size());
  const std::size_t tab = line.substr(0, indentation).find('\t');
  if (tab == std::string_view::npos) return false;
  const std::size_t at = lines.offset(line_number, 1) + tab;
  diagnostics.error(lines.place(at, at + 1), "not YAML: indent with spaces, not with tabs");
  return true;
}

/// yaml-cpp notices a bad escape anywhere behind it. The place of the escape itself, or nothing.
std::optional<Place> place_of_escape(const YamlError& error, const Lines& lines) {
  const bool is_about_escape =
      error.message.starts_with("bad character found while scanning hex") ||
      error.message.starts_with("invalid unicode") ||
      error.message.starts_with("unknown escape character");
  if (!is_about_escape || !error.at) return std::nullopt;
  const std::string_view text = lines.text();
  const std::size_t begin = text.rfind('\\', *error.at);
  if (begin == text.npos) return std::nullopt;
  const bool takes_digits = text.find_first_of("xuU", begin) == begin + 1;
  const std::size_t behind = text.find_first_not_of("0123456789abcdefABCDEF", begin + 2);
  return lines.place(begin, takes_digits ? std::min(behind, text.size()) : begin + 2);
}

}  // namespace

void report(const YamlError& error, const Lines& lines, Diagnostics& diagnostics) {
  Place place;
  if (error.at) place = lines.place(*error.at, word_end(lines.text(), *error.at));
  if (report_tab(lines, place.line, diagnostics)) return;
  if (error.message.starts_with("illegal map value") &&
      report_missing_space(lines, place.line, diagnostics)) {
    return;
  }
  const std::string message =
      explanation(error.message, lines.line(place.line),
                  error.open_bracket_line == place.line ? 0 : error.open_bracket_line);
  diagnostics.error(place_of_escape(error, lines).value_or(place), "not YAML: " + message);
}

}  // namespace weir::spec
