#include <string>

#include <weir/node.hpp>

namespace weir::nodes {
namespace {

struct Format {
  Template text;

  static void describe(Describe<Format>& d) {
    d.node("format", "Makes a text of each item.");
    d.param<&Format::text>("text", "The text, with '${{ item }}' or '${{ item.name }}' in it.")
        .required();
  }

  std::string operator()(Item item) const { return text.render(item); }
};

}  // namespace

WEIR_NODES(text_nodes, "text", Format)

}  // namespace weir::nodes
