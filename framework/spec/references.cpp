/// Resolver::references: what a value uses, without resolving it.

#include <vector>

#include "spec/resolve.hpp"

namespace weir::spec {

namespace {

void collect(const std::vector<Piece>& pieces, std::vector<std::string>& names) {
  for (const Piece& piece : pieces) {
    if (piece.kind != Piece::Kind::reference) continue;
    names.push_back(piece.text);
    collect(piece.fallback, names);
  }
}

}  // namespace

std::vector<std::string> Resolver::references(TreeIndex index) const {
  std::vector<std::string> names;
  std::vector<TreeIndex> rest{index};
  while (!rest.empty()) {
    const TreeNode& node = tree_[rest.back()];
    rest.pop_back();
    rest.insert(rest.end(), node.items.begin(), node.items.end());
    for (const TreeField& field : node.fields) rest.push_back(field.value);
    if (is_template(node.text)) collect(parse_template(node.text).pieces, names);
  }
  return names;
}

}  // namespace weir::spec
