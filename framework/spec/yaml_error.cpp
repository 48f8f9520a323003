#include <array>

#include "spec/yaml.hpp"

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

}  // namespace

std::string explain_yaml_error(const std::string& message, std::string_view line) {
  const std::string prefix = "not YAML: ";
  if (breaks_flow(message, line)) {
    return prefix + "between brackets, a text that contains '${' must stand in quotes";
  }
  for (const Explanation& explanation : explanations) {
    if (message.rfind(explanation.theirs, 0) == 0) return prefix + std::string(explanation.ours);
  }
  return prefix + message;
}

}  // namespace weir::spec
