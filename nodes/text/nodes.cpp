#include <string>

#include <weir/node.hpp>

#include "nodes/text/parts.hpp"
#include "nodes/text/search.hpp"

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

WEIR_NODES(text_nodes, "text", Format, Contains, Match, Replace, Split, Trim, Upper, Lower)

}  // namespace weir::nodes
