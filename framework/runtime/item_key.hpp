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

/// An item is its type and its text: the first of these at a node.
journal::Key item_key(std::string_view node, std::string_view type, std::string_view text);
/// One that came by a `failed` port is what failed there: its text says when, and how long it took.
journal::Key item_key(std::string_view node, std::string_view type, const journal::Key& failure);
/// Of those that are equal to it, each of which is another one; from 0, which is `first` itself.
journal::Key item_key(const journal::Key& first, std::uint32_t number);

/// Identities of the items that come to one node, in a run that goes on with none: which of several
/// that are equal is which makes no difference then. See KnownItems.
class ItemKeys {
 public:
  /// For an item that comes now, of those that `first` is the first of. From any thread.
  journal::Key next(const journal::Key& first);

 private:
  std::mutex mutex_;
  std::unordered_map<journal::Key, std::uint32_t, journal::Key::Hash> seen_;
};

/// Stands for what a node does with an item: its type and its parameters. 32 hexadecimal digits.
std::string config_hash(const compile::PlannedNode& planned);

}  // namespace weir::runtime
