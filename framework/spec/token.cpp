#include "spec/token.hpp"

#include <algorithm>

namespace weir::spec {

namespace {

std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  const std::size_t last = text.substr(at, end - at).find_last_not_of(" \t\r");
  return last == std::string_view::npos ? at : at + last + 1;
}

/// The closing quote, or npos.
std::size_t closing_quote(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || text.substr(at + 1, 1) != "'") return at;
      ++at;
    }
  }
  return std::string_view::npos;
}

Token quoted_token(std::string_view text, std::size_t begin, std::string_view value) {
  Token token;
  token.begin = begin;
  token.style = TreeNode::Style::quoted;
  const std::size_t close = closing_quote(text, begin);
  token.is_unclosed = close == std::string_view::npos;
  if (close > std::min(text.find('\n', begin), text.size())) {
    token.end = line_end(text, begin);
  } else {
    token.end = close + 1;
    token.verbatim = text.substr(begin + 1, close - begin - 1) == value;
  }
  return token;
}

}  // namespace

Token scalar_token(std::string_view text, std::size_t begin, std::string_view value) {
  const char first = begin < text.size() ? text[begin] : '\0';
  if (first == '\'' || first == '"') return quoted_token(text, begin, value);
  if (first == '|') return {begin, begin + 1, TreeNode::Style::literal};
  if (first == '>') return {begin, begin + 1, TreeNode::Style::folded};
  const bool is_here = text.substr(std::min(begin, text.size()), value.size()) == value;
  if (is_here && value.find('\n') == std::string_view::npos) {
    return {begin, begin + value.size(), TreeNode::Style::plain, true};
  }
  return {begin, line_end(text, begin), TreeNode::Style::plain};
}

std::size_t word_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of(" \t\r\n,[]{}", at), text.size());
}

Properties skip_properties(std::string_view text, std::size_t at) {
  Properties properties;
  properties.value = at;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '&' || c == '!') {
      const std::size_t end = word_end(text, at);
      if (c == '!' && properties.tag == Properties::none) {
        properties.tag = at;
        properties.tag_end = end;
      }
      at = properties.value = end;
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      ++at;
    } else {
      properties.value = at;
      break;
    }
  }
  return properties;
}

}  // namespace weir::spec
