#pragma once

/// The identity of an item at a node, the same in every run of a pipeline.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::journal {

/// 128 bits, spread evenly: a hash of what the item is. Who makes it decides what that is.
struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Key&, const Key&) = default;

  /// 32 hexadecimal digits, lower case.
  std::string text() const;
  static std::optional<Key> parse(std::string_view text);

  struct Hash {
    std::size_t operator()(const Key& key) const { return key.high ^ key.low; }
  };
};

}  // namespace weir::journal
