#include "nodes/text/parts.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "nodes/text/scratch.hpp"

namespace weir::nodes {
namespace {

using Texts = Out<std::string_view>;

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

bool is_white(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void split_words(std::string_view text, Texts& out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const char* word = nullptr;  // where the word in hand begins
#ifdef __SSE2__
  // 16 bytes at a time: only where words begin and end is there anything to do.
  const __m128i blank = _mm_set1_epi8(' ');
  const __m128i before_tab = _mm_set1_epi8('\t' - 1);
  const __m128i behind_return = _mm_set1_epi8('\r' + 1);
  unsigned before = 0;  // whether the byte before is part of a word
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i white = _mm_or_si128(
        _mm_cmpeq_epi8(bytes, blank),
        _mm_and_si128(_mm_cmpgt_epi8(bytes, before_tab), _mm_cmpgt_epi8(behind_return, bytes)));
    const unsigned words = ~static_cast<unsigned>(_mm_movemask_epi8(white)) & 0xFFFF;
    for (unsigned edges = (words ^ (words << 1 | before)) & 0xFFFF; edges != 0;
         edges &= edges - 1) {
      const char* const edge = at + std::countr_zero(edges);
      if (word == nullptr) {
        word = edge;
      } else {
        out(between(word, edge));
        word = nullptr;
      }
    }
    before = words >> 15;
  }
#endif
  for (; at < end; ++at) {
    if (!is_white(*at)) {
      if (word == nullptr) word = at;
    } else if (word != nullptr) {
      out(between(word, at));
      word = nullptr;
    }
  }
  if (word != nullptr) out(between(word, end));
}

/// Newlines end lines; the last one need not have one.
void split_lines(std::string_view text, Texts& out) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out(text.substr(0, end));
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

void split_by(char by, std::string_view text, Texts& out) {
  const char* const end = text.data() + text.size();
  const char* at = text.data();
  for (;;) {
    const auto left = static_cast<std::size_t>(end - at);
    const void* const found = left == 0 ? nullptr : std::memchr(at, by, left);
    if (found == nullptr) return out(between(at, end));
    out(between(at, static_cast<const char*>(found)));
    at = static_cast<const char*>(found) + 1;
  }
}

void split_by(const Finder& by, std::string_view text, Texts& out) {
  std::size_t at = 0;
  for (;;) {
    const std::size_t found = by.find(text, at);
    if (found == Finder::npos) return out(text.substr(at));
    out(text.substr(at, found - at));
    at = found + by.size();
  }
}

/// Changes the bytes from `first` to `last` by flipping the bit that tells small from capital.
std::string_view with_letters_flipped(std::string_view item, char first, char last) {
  const auto is_one = [=](char c) { return c >= first && c <= last; };
  // Counted rather than searched for: that goes by many bytes at a time.
  if (std::count_if(item.begin(), item.end(), is_one) == 0) return item;
  std::string& to = scratch();
  to = item;
  for (char& c : to) c = static_cast<char>(c ^ (is_one(c) ? 0x20 : 0));
  return to;
}

}  // namespace

void Split::describe(Describe<Split>& d) {
  d.node("split", "Gives out the pieces of each text.");
  d.param<&Split::by>("by",
                      "What stands between the pieces, which may be empty; without it, any run of "
                      "white space, and no piece is empty.")
      .not_empty();
  d.param<&Split::lines>("lines", "Splits into lines instead.");
  d.output("The pieces, in their order.");
}

void Split::validate() const {
  if (by && lines) throw std::invalid_argument("'by' and 'lines' exclude each other");
}

void Split::operator()(std::string_view item, Texts& out) const {
  if (lines) {
    split_lines(item, out);
  } else if (!by) {
    split_words(item, out);
  } else if (by->size() == 1) {
    split_by(by->front(), item, out);
  } else {
    split_by(finder_, item, out);
  }
}

void Upper::describe(Describe<Upper>& d) {
  d.node("upper", "Makes capitals of the letters a to z; other bytes stay as they are.");
}
std::string_view Upper::operator()(std::string_view item) const {
  return with_letters_flipped(item, 'a', 'z');
}

void Lower::describe(Describe<Lower>& d) {
  d.node("lower", "Makes small letters of A to Z; other bytes stay as they are.");
}
std::string_view Lower::operator()(std::string_view item) const {
  return with_letters_flipped(item, 'A', 'Z');
}

void Trim::describe(Describe<Trim>& d) {
  d.node("trim", "Takes white space away at both ends of each text.");
  d.param<&Trim::chars>("chars", "The bytes to take away instead.").not_empty();
}

}  // namespace weir::nodes
