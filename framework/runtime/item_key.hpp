#pragma once

/// Who an item is, in this run and in later ones.

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "compile/plan.hpp"
#include "journal/key.hpp"

namespace weir::runtime {

/// Identities of the items that come to one node: an item is its type and its text. The second of
/// two that are equal is another one than the first; which is which makes no difference.
class ItemKeys {
 public:
  explicit ItemKeys(std::string node) : node_(std::move(node)) {}

  /// For an item that comes now. From any thread.
  journal::Key next(std::string_view type, std::string_view text);

 private:
  const std::string node_;
  std::mutex mutex_;
  std::unordered_map<journal::Key, std::uint32_t, journal::Key::Hash> seen_;
};

/// Stands for what a node does with an item: its type and its parameters. 32 hexadecimal digits.
std::string config_hash(const compile::PlannedNode& planned);

}  // namespace weir::runtime
