#pragma once

/// The syntax of `${…}`, `${{ … }}` and `$$` in a scalar.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::spec {

/// A part of a scalar; offsets are bytes of the scalar's text.
struct Piece {
  enum class Kind {
    literal,    ///< `text`, with `$$` as one dollar
    reference,  ///< `${text}` or `${text:-fallback}`
    hole,       ///< `${{ … }}`, the whole of it in `text`
  };

  Kind kind = Kind::literal;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
  bool has_fallback = false;
  std::vector<Piece> fallback;
};

struct TemplateError {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string message;
};

struct Template {
  std::vector<Piece> pieces;
  std::vector<TemplateError> errors;  ///< what they are about is not in `pieces`

  /// Whether it is one `${…}` and nothing else.
  bool is_reference() const {
    return pieces.size() == 1 && pieces.front().kind == Piece::Kind::reference;
  }
};

/// A `$` before anything but `{` or `$` is itself.
Template parse_template(std::string_view text);

/// Whether `text` means anything but itself: only then it has to be parsed.
inline bool is_template(std::string_view text) { return text.find('$') != std::string_view::npos; }

}  // namespace weir::spec
