#include "spec/template.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "spec/names.hpp"

namespace weir::spec {

namespace {

/// Fallbacks within fallbacks; each is a level of recursion.
constexpr int deepest = 16;

class TemplateParser {
 public:
  explicit TemplateParser(std::string_view text) : text_(text) {}

  Template parse() {
    Template result;
    result.pieces = pieces(false);
    result.errors = std::move(errors_);
    return result;
  }

 private:
  /// Up to the end of the text, or in a fallback up to the `}` that ends it.
  std::vector<Piece> pieces(bool in_fallback) {
    std::vector<Piece> found;
    while (at_ < text_.size() && !(in_fallback && text_[at_] == '}')) {
      if (starts_with("$$")) {
        add_literal(found, 2, "$");
      } else if (starts_with("${{")) {
        hole(found);
      } else if (starts_with("${")) {
        reference(found);
      } else {
        const std::size_t next = text_.find_first_of(in_fallback ? "$}" : "$", at_ + 1);
        const std::size_t length = std::min(next, text_.size()) - at_;
        add_literal(found, length, text_.substr(at_, length));
      }
    }
    return found;
  }

  bool starts_with(std::string_view prefix) const {
    return text_.substr(at_, prefix.size()) == prefix;
  }

  void add_literal(std::vector<Piece>& pieces, std::size_t length, std::string_view meaning) {
    if (pieces.empty() || pieces.back().kind != Piece::Kind::literal) {
      pieces.push_back({Piece::Kind::literal, at_, at_, "", false, {}});
    }
    pieces.back().text += meaning;
    at_ += length;
    pieces.back().end = at_;
  }

  void hole(std::vector<Piece>& pieces) {
    const std::size_t begin = at_;
    const std::size_t close = text_.find("}}", begin + 3);
    if (close == std::string_view::npos) {
      errors_.push_back({begin, begin + 3,
                         "'${{' is not closed by '}}'; write '$${{' if you mean "
                         "these characters themselves"});
      is_unclosed_ = true;
      at_ = begin + 3;  // what else is wrong is to be told, too
      return;
    }
    at_ = close + 2;
    pieces.push_back(
        {Piece::Kind::hole, begin, at_, std::string(text_.substr(begin, at_ - begin)), false, {}});
  }

  void reference(std::vector<Piece>& pieces) {
    const std::size_t begin = at_;
    const std::size_t name_begin = begin + 2;
    const std::size_t name_end = std::min(text_.find('}', name_begin), text_.size());
    const std::string_view inside = text_.substr(name_begin, name_end - name_begin);
    const std::size_t dash = inside.find(":-");
    Piece piece{Piece::Kind::reference,         begin, begin, std::string(inside.substr(0, dash)),
                dash != std::string_view::npos, {}};

    at_ = piece.has_fallback ? name_begin + dash + 2 : name_end;
    if (piece.has_fallback) {
      if (depth_ == deepest) {
        errors_.push_back(
            {begin, begin + 2,
             fmt::format("more than {} defaults within each other ('${{a:-${{b:-…}}}}')",
                         deepest)});
        is_unclosed_ = true;
        at_ = text_.size();
        return;
      }
      ++depth_;
      piece.fallback = this->pieces(true);
      --depth_;
    }
    if (at_ >= text_.size()) {
      // One message, not one more for each that it is the default of.
      if (!std::exchange(is_unclosed_, true)) {
        errors_.push_back({begin, begin + 2,
                           "'${' is not closed by '}'; write '$${' if you mean "
                           "these characters themselves"});
      }
      return;
    }
    ++at_;
    piece.end = at_;
    if (is_well_formed(piece)) pieces.push_back(std::move(piece));
  }

  bool is_well_formed(const Piece& piece) {
    if (piece.text.empty()) {
      errors_.push_back({piece.begin, piece.end, "'${}' without a name"});
      return false;
    }
    // Names of environment variables are up to the environment.
    std::string_view name = piece.text;
    const std::size_t dot = name.find('.');
    if (dot != std::string_view::npos) name = name.substr(dot + 1);
    if (is_name(name)) return true;
    errors_.push_back(
        {piece.begin, piece.end,
         fmt::format("{} is not a name; write '$${{' if you mean the characters '${{' themselves",
                     quote(piece.text))});
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool is_unclosed_ = false;
  std::vector<TemplateError> errors_;
};

}  // namespace

Template parse_template(std::string_view text) { return TemplateParser(text).parse(); }

}  // namespace weir::spec
