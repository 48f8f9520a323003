#include "nodes/text/finder.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace weir::nodes {
namespace {

/// How often a byte stands in texts, roughly: what matters is to look for a `z` and not for an `e`.
int frequency(char byte) {
  constexpr std::string_view kRareFirst = "zqxjkvbpygfwmucldrhsnioate";
  const char c = to_small(byte);
  if (c == ' ') return 100;
  if (c >= 'a' && c <= 'z') return 20 + static_cast<int>(kRareFirst.find(c));
  if (c >= '0' && c <= '9') return 15;
  if (c == '\t' || c == ',' || c == '.' || c == '-' || c == '_' || c == '/' || c == '"') return 10;
  return 0;
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

Finder::Finder(std::string_view needle, bool ignore_case)
    : needle_(needle), ignore_case_(ignore_case) {
  if (ignore_case) std::transform(needle_.begin(), needle_.end(), needle_.begin(), to_small);
  if (needle_.empty()) return;
  const auto rarest = [&](std::size_t but) {
    std::size_t best = but == 0 ? needle_.size() - 1 : 0;
    for (std::size_t i = 0; i < needle_.size(); ++i) {
      if (i != but && frequency(needle_[i]) < frequency(needle_[best])) best = i;
    }
    return best;
  };
  first_ = rarest(npos);
  second_ = rarest(first_);
  if (second_ < first_) std::swap(first_, second_);
  first_byte_ = static_cast<unsigned char>(needle_[first_]);
  second_byte_ = static_cast<unsigned char>(needle_[second_]);
  // Makes a small letter of a capital. Of some bytes that are no letters it makes a letter, too:
  // the whole comparison will tell.
  if (ignore_case && is_letter(needle_[first_])) first_fold_ = 0x20;
  if (ignore_case && is_letter(needle_[second_])) second_fold_ = 0x20;
}

bool Finder::is_at(const char* at) const {
  if (!ignore_case_) return std::memcmp(at, needle_.data(), needle_.size()) == 0;
  for (const char c : needle_) {
    if (to_small(*at++) != c) return false;
  }
  return true;
}

std::size_t Finder::find(std::string_view text, std::size_t from) const {
  if (from > text.size() || text.size() - from < needle_.size()) return npos;
  if (needle_.empty()) return from;
  const char* const begin = text.data();
  const char* at = begin + from;
  // Behind the last place where the needle may begin.
  const char* const end = begin + text.size() - needle_.size() + 1;
#ifdef __SSE2__
  constexpr std::ptrdiff_t kStep = 16;
  if (end - at >= kStep) {
    const __m128i first = _mm_set1_epi8(static_cast<char>(first_byte_));
    const __m128i second = _mm_set1_epi8(static_cast<char>(second_byte_));
    const __m128i first_fold = _mm_set1_epi8(static_cast<char>(first_fold_));
    const __m128i second_fold = _mm_set1_epi8(static_cast<char>(second_fold_));
    for (;;) {
      // Both loads stay within the text: the places tried are at .. at + 15.
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + first_));
      const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + second_));
      auto found = static_cast<unsigned>(
          _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(a, first_fold), first),
                                          _mm_cmpeq_epi8(_mm_or_si128(b, second_fold), second))));
      for (; found != 0; found &= found - 1) {
        const char* const candidate = at + std::countr_zero(found);
        if (is_at(candidate)) return static_cast<std::size_t>(candidate - begin);
      }
      at += kStep;
      if (end - at >= kStep) continue;
      if (at >= end) return npos;
      at = end - kStep;  // the last places, some of them once more
    }
  }
#endif
  const std::size_t found = find_one_by_one(at, end);
  return found == npos ? npos : found + static_cast<std::size_t>(at - begin);
}

std::size_t Finder::find_one_by_one(const char* begin, const char* end) const {
  for (const char* at = begin; at < end; ++at) {
    if (first_fold_ == 0) {
      const void* const next =
          std::memchr(at + first_, first_byte_, static_cast<std::size_t>(end - at));
      if (next == nullptr) return npos;
      at = static_cast<const char*>(next) - first_;
    }
    const auto second = static_cast<unsigned char>(at[second_]);
    if ((second | second_fold_) == second_byte_ && is_at(at)) {
      return static_cast<std::size_t>(at - begin);
    }
  }
  return npos;
}

}  // namespace weir::nodes
