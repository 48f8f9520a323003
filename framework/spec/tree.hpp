#pragma once

/// A YAML document as it was written: texts with their places, before anything is resolved.

#include <cstdint>
#include <string>
#include <vector>

#include <weir/value.hpp>

namespace weir::spec {

using TreeIndex = std::uint32_t;

struct TreeField {
  std::string key;
  Place key_place;
  TreeIndex value = 0;
  Place value_place{};  ///< where it is used; of an alias not the place of what it stands for
};

/// A scalar, a list or a map.
struct TreeNode {
  enum class Kind : std::uint8_t { scalar, list, map };
  /// How a scalar was written; quotes and blocks make it a text whatever it looks like.
  enum class Style : std::uint8_t { plain, quoted, literal, folded };

  Kind kind = Kind::scalar;
  Style style = Style::plain;
  bool verbatim = false;    ///< a scalar that stands on one line exactly as in `text`
  bool faulty = false;      ///< an error about it has been reported
  bool is_partial = false;  ///< a map with keys that are not in `fields`: errors have been reported
  Place place;              ///< of a scalar: quotes included
  std::string text;         ///< of a scalar: unquoted and unescaped; "null" may be "", "~", …
  std::vector<TreeIndex> items;
  std::vector<TreeField> fields;  ///< keys are unique
};

/// All nodes in one vector: an alias is the index of what it names, so that the tree is never
/// larger than the file, and none of its destructors recurses. It has no cycles, is at most
/// `deepest` deep, and `yaml.hpp` bounds how large it is with all aliases written out.
struct Tree {
  static constexpr std::uint32_t deepest = 64;

  std::vector<TreeNode> nodes;
  TreeIndex root = 0;

  const TreeNode& operator[](TreeIndex index) const { return nodes[index]; }
};

}  // namespace weir::spec
