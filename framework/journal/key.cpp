#include "journal/key.hpp"

#include <charconv>

namespace weir::journal {
namespace {

constexpr std::size_t kDigits = 16;  // of 64 bits

void write_digits(std::uint64_t value, char* to) {
  for (std::size_t i = kDigits; i-- > 0; value >>= 4U) to[i] = "0123456789abcdef"[value & 0xFU];
}

bool read_digits(std::string_view digits, std::uint64_t& value) {
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value, 16);
  return error == std::errc() && at == end;
}

}  // namespace

std::string Key::text() const {
  std::string to(2 * kDigits, '0');
  write_digits(high, to.data());
  write_digits(low, to.data() + kDigits);
  return to;
}

std::optional<Key> Key::parse(std::string_view text) {
  Key key;
  if (text.size() != 2 * kDigits || !read_digits(text.substr(0, kDigits), key.high) ||
      !read_digits(text.substr(kDigits), key.low)) {
    return std::nullopt;
  }
  return key;
}

}  // namespace weir::journal
