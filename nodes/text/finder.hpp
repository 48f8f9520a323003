#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::nodes {

/// Finds one text in many that are short. Searches need no preparation and no table: what the
/// library's functions do before they begin costs more than to look through 50 bytes.
class Finder {
 public:
  static constexpr std::size_t npos = std::string_view::npos;

  Finder() = default;
  /// `ignore_case` is for the letters A to Z.
  Finder(std::string_view needle, bool ignore_case);

  /// Where the needle stands in `text`, from `from` on, or npos.
  std::size_t find(std::string_view text, std::size_t from = 0) const;
  bool is_in(std::string_view text) const { return find(text) != npos; }
  std::size_t size() const { return needle_.size(); }

 private:
  bool is_at(const char* at) const;
  std::size_t find_one_by_one(const char* begin, const char* end) const;

  std::string needle_;  // in small letters, if case doesn't matter
  bool ignore_case_ = false;
  std::size_t first_ = 0;  // the places in the needle of its two rarest bytes; first_ <= second_
  std::size_t second_ = 0;
  unsigned char first_byte_ = 0;
  unsigned char second_byte_ = 0;
  unsigned char first_fold_ = 0;  // set in a byte of the text before it is compared
  unsigned char second_fold_ = 0;
};

/// A to Z as a to z.
constexpr char to_small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
constexpr char to_capital(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

}  // namespace weir::nodes
