#include "journal/text.hpp"

namespace weir::journal {

std::string shortened(std::string_view text, std::size_t most) {
  constexpr std::string_view kMark = "…";
  if (text.size() <= most) return std::string(text);
  std::size_t end = most - kMark.size();
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
  };
  for (int i = 0; i < 3 && end > 0 && continues(end); ++i) --end;
  return std::string(text.substr(0, end)).append(kMark);
}

}  // namespace weir::journal
