#include "spec/names.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "spec/diagnostic.hpp"
#include "spec/utf8.hpp"

namespace weir::spec {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

std::string shortened(std::string_view text) {
  constexpr std::size_t most = 60;
  std::size_t end = 0;
  for (std::size_t shown = 0; end < text.size() && shown < most; ++shown) {
    end += std::max<std::size_t>(1, code_point_length(text, end));
  }
  return fmt::format("{}{}", text.substr(0, end), end < text.size() ? "…" : "");
}

std::string quote(std::string_view text) { return fmt::format("'{}'", shortened(text)); }

std::string Suggestions::operator()(std::string_view name,
                                    const std::vector<std::string>& candidates) {
  if (looked_at_ > 1'000'000) return "";
  looked_at_ += candidates.size();
  return did_you_mean(name, candidates);
}

}  // namespace weir::spec
