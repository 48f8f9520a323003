#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "nodes/hash.hpp"

namespace weir::nodes {

/// Counts texts. Made for many that are short and come again: one look into the table, one at the
/// entry, and no allocation but in blocks.
class KeyCounts {
 public:
  struct Entry {
    static constexpr std::size_t kNear = 16;

    std::int64_t count;
    std::uint32_t size;
    std::uint32_t hash;  // its upper half
    union {
      char near[kNear];  // a key that fits: saves the way to where it lies
      const char* far;
    };

    std::string_view text() const { return {size <= kNear ? near : far, size}; }
  };

  KeyCounts() : slots_(kSmallest), hash_key_(HashKey::random()) {}

  void add(std::string_view key) {
    const std::uint64_t hash = quick_hash(key, hash_key_);
    const auto upper = static_cast<std::uint32_t>(hash >> 32);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].entry != 0; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash != upper) continue;
      Entry& entry = entries_[slots_[at].entry - 1];
      if (entry.text() == key) {
        ++entry.count;
        return;
      }
    }
    insert(key, upper, at);
  }

  /// In the order in which they came for the first time.
  std::vector<Entry>& entries() { return entries_; }

 private:
  struct Slot {
    std::uint32_t entry = 0;  // counted from 1; 0: empty
    std::uint32_t hash = 0;
  };
  static constexpr std::size_t kSmallest = 1024;
  static constexpr std::size_t kBlock = std::size_t{64} << 10;

  void insert(std::string_view key, std::uint32_t upper, std::size_t at) {
    if (key.size() > UINT32_MAX || entries_.size() == UINT32_MAX) {
      throw std::length_error("too many keys, or one that is too long, to be counted");
    }
    Entry entry{1, static_cast<std::uint32_t>(key.size()), upper, {}};
    if (key.size() > Entry::kNear) {
      entry.far = keep(key);
    } else if (!key.empty()) {
      std::memcpy(entry.near, key.data(), key.size());
    }
    entries_.push_back(entry);
    slots_[at] = {static_cast<std::uint32_t>(entries_.size()), upper};
    if (entries_.size() * 2 > slots_.size()) grow();
  }

  const char* keep(std::string_view key) {
    if (key.size() > left_) {
      const std::size_t size = key.size() > kBlock / 4 ? key.size() : kBlock;
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
      if (size != kBlock) {  // a block of its own; what is left of the other is used on
        std::memcpy(blocks_.back().get(), key.data(), key.size());
        return blocks_.back().get();
      }
      free_ = blocks_.back().get();
      left_ = size;
    }
    char* const to = free_;
    std::memcpy(to, key.data(), key.size());
    free_ += key.size();
    left_ -= key.size();
    return to;
  }

  void grow() {
    std::vector<Slot> wider(slots_.size() * 2);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      std::size_t at = quick_hash(entries_[i].text(), hash_key_) & (wider.size() - 1);
      while (wider[at].entry != 0) at = (at + 1) & (wider.size() - 1);
      wider[at] = {static_cast<std::uint32_t>(i + 1), entries_[i].hash};
    }
    slots_.swap(wider);
  }

  std::vector<Slot> slots_;  // a power of two, at most half full
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
  HashKey hash_key_;
};

}  // namespace weir::nodes
