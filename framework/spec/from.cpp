#include "spec/from.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "spec/locate.hpp"
#include "spec/names.hpp"
#include "spec/template.hpp"

namespace weir::spec {

namespace {

class FromReader {
 public:
  explicit FromReader(const ReadContext& context) : context_(context) {}

  std::vector<Reference> read(const TreeField& from) {
    const TreeNode& node = context_.tree[from.value];
    const Value value = context_.resolver.resolve(from.value);
    if (value.kind != Value::Kind::list) {
      add(value, &node, "a node's name or a list of them");
    } else if (value.items.empty()) {
      error(value.place, "'from' is empty; name at least one node");
    }
    // A list that came with a parameter has nothing in this place of the tree.
    const bool is_written_here = node.kind == TreeNode::Kind::list;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      add(value.items[i], is_written_here ? &context_.tree[node.items[i]] : nullptr,
          "nodes' names in its list");
    }
    return std::move(references_);
  }

 private:
  void add(const Value& value, const TreeNode* written, std::string_view expected) {
    if (value.faulty || context_.refuse_holes(value, "from")) return;
    if (value.kind == Value::Kind::null) {
      error(value.place, "'from' is empty; name the node that it reads");
    } else if (!value.is_scalar()) {
      error(value.place, fmt::format("'from' takes {}, not {}", expected, kind_name(value.kind)));
    } else {
      add_reference(value, written);
    }
  }

  void add_reference(const Value& value, const TreeNode* written) {
    const std::string& text = value.text;
    const std::size_t dot = text.find('.');
    Reference reference;
    reference.node = text.substr(0, dot);
    reference.place = reference.port_place = value.place;
    if (dot != std::string::npos) {
      reference.port = text.substr(dot + 1);
      const bool is_as_written = written != nullptr && written->text == text;
      if (is_as_written && !reference.port.empty()) {
        reference.port_place = LocatedScalar(context_.lines, *written).place(dot + 1, text.size());
      }
    }
    if (!is_name(reference.node) || !is_name(reference.port)) {
      error(value.place, fmt::format("{} is not a node's name; write NODE, or NODE.PORT for a port "
                                     "other than 'out'",
                                     quote(text)));
      return;
    }
    const auto [first, is_new] =
        seen_.emplace(reference.node + "." + reference.port, value.place.line);
    if (is_new) {
      references_.push_back(std::move(reference));
    } else {
      error(value.place,
            fmt::format("{} is already in this 'from'; each item would come twice", quote(text)));
    }
  }

  void error(Place place, std::string message) {
    context_.diagnostics.error(place, std::move(message));
  }

  const ReadContext& context_;
  std::vector<Reference> references_;
  std::unordered_map<std::string, std::uint32_t> seen_;
};

}  // namespace

std::vector<Reference> read_from(const TreeField& from, const ReadContext& context) {
  return FromReader(context).read(from);
}

}  // namespace weir::spec
