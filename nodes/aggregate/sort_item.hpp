#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::nodes {

/// What an item of a sort holds.
enum class Holds : std::uint32_t { text, key, integer, number, boolean, record };

/// An item on its way through a sort, as bytes that others keep.
struct SortItem {
  std::string_view key;    ///< to be compared byte by byte
  std::string_view value;  ///< empty where the text behind the key's first byte is the value
  Holds holds = Holds::text;
};

/// How an item lies in memory and in files: this, then its key, then its value.
struct SortHeader {
  std::uint32_t key_size = 0;
  std::uint32_t value_size = 0;
  Holds holds = Holds::text;

  std::size_t bytes() const { return sizeof(SortHeader) + key_size + std::size_t{value_size}; }
  static SortHeader of(const SortItem& item) {
    return {static_cast<std::uint32_t>(item.key.size()),
            static_cast<std::uint32_t>(item.value.size()), item.holds};
  }
  static SortHeader at(const char* from) {
    SortHeader header;
    std::memcpy(&header, from, sizeof header);
    return header;
  }
};

inline SortItem sort_item_at(const char* from) {
  const SortHeader header = SortHeader::at(from);
  from += sizeof header;
  return {{from, header.key_size}, {from + header.key_size, header.value_size}, header.holds};
}

/// The first bytes of a key as a number that is in the same order.
inline std::uint64_t key_prefix(std::string_view key) {
  std::uint64_t prefix = 0;
  if (!key.empty()) std::memcpy(&prefix, key.data(), std::min(key.size(), sizeof prefix));
  if constexpr (std::endian::native == std::endian::little) prefix = __builtin_bswap64(prefix);
  return prefix;
}

}  // namespace weir::nodes
