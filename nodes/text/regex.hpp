#pragma once

#include <memory>
#include <re2/re2.h>
#include <string>
#include <string_view>

#include <weir/param.hpp>

namespace weir::nodes {

/// A regular expression as RE2 has it. Any number of threads may use it at a time.
struct Regex {
  std::shared_ptr<const RE2> compiled;

  const RE2& operator*() const { return *compiled; }
  const RE2* operator->() const { return compiled.get(); }
};

inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const re2::StringPiece& piece) { return {piece.data(), piece.size()}; }

/// A text that remembers where in the file it stands, for checks that need other parameters too.
struct PlacedText {
  std::string text;
  Place place;
};

}  // namespace weir::nodes

template <>
struct weir::ParamType<weir::nodes::Regex> {
  static constexpr const char* name = "regex";

  static nodes::Regex parse(const Value& value) {
    const std::string pattern = ParamType<std::string>::parse(value);
    RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<RE2>(pattern, options);
    if (!compiled->ok()) {
      throw BadValue(value.place,
                     "'" + pattern + "' is no regular expression: " + compiled->error());
    }
    return {std::move(compiled)};
  }
  static std::string text(const nodes::Regex& regex) {
    return regex.compiled == nullptr ? "" : '"' + regex->pattern() + '"';
  }
};

template <>
struct weir::ParamType<weir::nodes::PlacedText> {
  static constexpr const char* name = "text";

  static nodes::PlacedText parse(const Value& value) {
    return {ParamType<std::string>::parse(value), value.place};
  }
  static std::string text(const nodes::PlacedText& text) {
    return ParamType<std::string>::text(text.text);
  }
};
