#pragma once

/// How a scalar stands in the source text: yaml-cpp tells where one begins, but not how it was
/// written or where it ends.

#include <cstddef>
#include <string_view>

#include "spec/tree.hpp"

namespace weir::spec {

struct Token {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< on the first line, if it has several
  TreeNode::Style style = TreeNode::Style::plain;
  bool verbatim = false;
  bool is_unclosed = false;  ///< a quote that nothing closes
};

/// The scalar that begins at `begin` and means `value`.
Token scalar_token(std::string_view text, std::size_t begin, std::string_view value);

/// What stands before a value: anchors (&x) and tags (!x).
struct Properties {
  static constexpr std::size_t none = std::string_view::npos;

  std::size_t value = 0;  ///< where the value itself begins
  std::size_t tag = none;
  std::size_t tag_end = none;
};
Properties skip_properties(std::string_view text, std::size_t at);

/// The end of the word that begins at `at`: up to white space or flow punctuation.
std::size_t word_end(std::string_view text, std::size_t at);

}  // namespace weir::spec
