#pragma once

#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>
#include <utility>

namespace weir::nodes {

/// What makes a hash another one in each run, so that nobody can prepare texts that collide.
struct HashKey {
  std::uint64_t first;
  std::uint64_t second;

  static HashKey random() {
    std::random_device device;
    const auto word = [&] { return std::uint64_t{device()} << 32 | device(); };
    return {word(), word()};
  }
};

namespace hashing {

inline std::uint64_t load8(const char* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}
inline std::uint64_t load4(const char* from) {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Both halves of the product.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t rotate(std::uint64_t word, int by) { return word << by | word >> (64 - by); }

}  // namespace hashing

/// For tables that compare what they hold, after Wang Yi's wyhash: a few nanoseconds for a word.
inline std::uint64_t quick_hash(std::string_view text, const HashKey& key) {
  using namespace hashing;
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t state = key.first;
  for (; left > 16; left -= 16, at += 16)
    state = mix(load8(at) ^ key.second, load8(at + 8) ^ state);
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  if (left >= 8) {  // the two words overlap
    a = load8(at);
    b = load8(at + left - 8);
  } else if (left >= 4) {
    a = load4(at);
    b = load4(at + left - 4);
  } else if (left > 0) {
    const auto byte = [&](std::size_t i) {
      return std::uint64_t{static_cast<unsigned char>(at[i])};
    };
    a = byte(0) << 16 | byte(left / 2) << 8 | byte(left - 1);
  }
  return mix(kOdd ^ text.size(), mix(a ^ key.second, b ^ state));
}

/// 128 bits that stand for a text.
struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const Hash128&, const Hash128&) = default;
};

/// SipHash by Aumasson and Bernstein, in its longer form: nobody who doesn't know the key can make
/// two texts collide, and by chance it takes 10^16 texts for a probability of one in a million.
template <int Rounds = 1, int LastRounds = 3>
Hash128 strong_hash(std::string_view text, const HashKey& key) {
  using namespace hashing;
  std::uint64_t v0 = key.first ^ 0x736F6D6570736575;
  std::uint64_t v1 = key.second ^ 0x646F72616E646F6D ^ 0xEE;
  std::uint64_t v2 = key.first ^ 0x6C7967656E657261;
  std::uint64_t v3 = key.second ^ 0x7465646279746573;
  const auto round = [&] {
    v0 += v1;
    v1 = rotate(v1, 13) ^ v0;
    v0 = rotate(v0, 32);
    v2 += v3;
    v3 = rotate(v3, 16) ^ v2;
    v0 += v3;
    v3 = rotate(v3, 21) ^ v0;
    v2 += v1;
    v1 = rotate(v1, 17) ^ v2;
    v2 = rotate(v2, 32);
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint64_t word = load8(at);
    v3 ^= word;
    for (int i = 0; i < Rounds; ++i) round();
    v0 ^= word;
  }
  std::uint64_t last = std::uint64_t{text.size()} << 56;
  if (left > 0) {
    std::uint64_t rest = 0;
    std::memcpy(&rest, at, left);
    last |= rest;
  }
  v3 ^= last;
  for (int i = 0; i < Rounds; ++i) round();
  v0 ^= last;
  Hash128 hash;
  v2 ^= 0xEE;
  for (int i = 0; i < LastRounds; ++i) round();
  hash.low = v0 ^ v1 ^ v2 ^ v3;
  v1 ^= 0xDD;
  for (int i = 0; i < LastRounds; ++i) round();
  hash.high = v0 ^ v1 ^ v2 ^ v3;
  return hash;
}

}  // namespace weir::nodes
