#pragma once

/// From a part of a scalar's text to its place in the file.

#include <cstddef>
#include <optional>

#include "spec/lines.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// A scalar and the way from its text back to the file. Owns neither the lines nor the scalar.
class LocatedScalar {
 public:
  LocatedScalar(const Lines& lines, const TreeNode& scalar) : lines_(lines), scalar_(scalar) {}

  const TreeNode& operator*() const { return scalar_; }
  const TreeNode* operator->() const { return &scalar_; }

  /// The place of the bytes [begin, end) of the text, if it can be told: on one line without
  /// escapes, or in a literal block (`|`). Otherwise the place of the scalar.
  Place place(std::size_t begin, std::size_t end);

 private:
  Place place_in_block(std::size_t begin, std::size_t end);

  const Lines& lines_;
  const TreeNode& scalar_;
  std::optional<Lines> rows_;  ///< of a block's text, once it is needed
};

}  // namespace weir::spec
