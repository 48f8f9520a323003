#include "compile/port_types.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace weir::compile {
namespace {

using spec::Reference;

class PortTypes {
 public:
  PortTypes(const std::vector<Checked>& nodes, const Registry& registry,
            spec::Diagnostics& diagnostics)
      : nodes_(nodes), registry_(registry), diagnostics_(diagnostics) {}

  void check(Checked& node) {
    if (node.type == nullptr) return;
    const abi::TypeInfo* common = nullptr;
    bool mixed = false;
    const abi::TypeInfo* special = nullptr;  // a plugin's own
    std::size_t next = 0;
    for (const Reference& reference : node.declared->from) {
      if (next == node.reads.size()) break;
      const auto [from, port] = node.reads[next];
      if (nodes_[from].declared->name != reference.node) continue;  // unresolved
      ++next;
      const Checked& read = nodes_[from];
      const abi::TypeInfo* type = read.ports[port].type;
      if (!read.types_known) {
        node.types_known = false;
        continue;
      }
      if (node.type->input != nullptr) fits(node, reference, type);
      const bool as_text = node.type->input != nullptr && is_text(*node.type->input);
      const abi::TypeInfo* in_hand = as_text ? node.type->input : type;
      if (node.instance != nullptr && in_hand != nullptr) item_use(node, reference, *in_hand);
      if (type == nullptr || (common != nullptr && !abi::same_type(common, type))) mixed = true;
      if (type != nullptr && !is_builtin(*type)) special = type;
      if (common == nullptr) common = type;
    }
    if (!node.types_known && node.type->input == nullptr) return;
    if (node.type->input != nullptr) {
      common = node.type->input;
      mixed = false;
      node.types_known = true;
    }
    if (mixed && special != nullptr && !node.ports.empty()) {
      diagnostics_.error(
          node.declared->from_place,
          fmt::format("what '{}' reads is of different types, one of them '{}'; only "
                      "bool, int, float, text and record can be mixed",
                      node.declared->name, special->name));
      node.types_known = false;
      return;
    }
    decide_output(node, mixed ? nullptr : common);
  }

 private:
  /// `given` is null where the type differs from item to item.
  void fits(const Checked& node, const Reference& reference, const abi::TypeInfo* given) {
    const abi::TypeInfo& wanted = *node.type->input;
    if (given != nullptr && abi::same_type(&wanted, given)) return;
    if (is_text(wanted) && (given == nullptr || is_builtin(*given))) return;
    std::string hint;
    if (is_builtin(wanted) && given != nullptr && is_builtin(*given)) {
      hint = "; bool, int, float and record turn into text where text is taken, and that is all";
    }
    diagnostics_.error(
        reference.place,
        fmt::format("'{}' takes {}, but '{}{}' gives {}{}", node.type->name, wanted.name,
                    reference.node, reference.port == "out" ? "" : "." + reference.port,
                    given == nullptr ? "items of different types" : given->name, hint));
  }

  static bool is_builtin(const abi::TypeInfo& type) {
    const std::string_view name = type.name;
    return name == "bool" || name == "int" || name == "float" || name == "record" || name == "text";
  }

  /// The types of ports that depend on the input or on the parameters. `input` is null if it
  /// differs from item to item.
  void decide_output(Checked& node, const abi::TypeInfo* input) {
    for (PlannedPort& port : node.ports) {
      if (port.type != nullptr) continue;
      if (node.instance == nullptr) {
        node.types_known = false;
        return;
      }
      const bool first = &port == node.ports.data();
      const std::string name =
          first ? node.instance->output_type(input == nullptr ? nullptr : input->name) : "";
      if (name.starts_with(abi::kOutputTypeError)) {
        diagnostics_.error(node.declared->from_place.line != 0 ? node.declared->from_place
                                                               : node.declared->type_place,
                           fmt::format("'{}': {}", node.type->name, name.substr(1)));
        node.types_known = false;
      } else if (!name.empty()) {
        port.type = registry_.item_type(name);
        if (port.type == nullptr) {
          diagnostics_.error(node.declared->type_place,
                             fmt::format("'{}' says that it gives out '{}', which no node type "
                                         "declares",
                                         node.type->name, name));
          node.types_known = false;
        }
      } else {
        port.type = input;
        if (input == nullptr && node.type->kind == abi::Kind::source) {
          diagnostics_.error(
              node.declared->type_place,
              fmt::format("'{}' doesn't say what it gives out (output_type)", node.type->name));
          node.types_known = false;
        }
      }
    }
  }

  /// Whether what the node wants of its items' text can be had of items of that type.
  void item_use(const Checked& node, const Reference& reference, const abi::TypeInfo& type) {
    if (node.type->needs_text && type.text == nullptr) {
      diagnostics_.error(
          reference.place,
          fmt::format("'{}' uses the text of its items, but items of type '{}' have no "
                      "text form (the plugin's weir::Type<…>::text)",
                      node.type->name, type.name));
    }
    for (const Value::Field& field : node.parameters) holes(field.value, type);
    for (const Value* value : node.templates) holes(*value, type);
    for (const spec::LimitDeclaration* limit : node.keyed) key_of_limit(node, *limit, type);
  }

  /// A limit may be shared by nodes whose items are of different types: it is their use of it that
  /// is wrong.
  void key_of_limit(const Checked& node, const spec::LimitDeclaration& limit,
                    const abi::TypeInfo& type) {
    for (const Value::Hole& hole : limit.per->holes) {
      const std::string lack = lack_of(hole_text(*limit.per, hole), type);
      if (lack.empty()) continue;
      const auto& names = node.declared->limit->names;
      const auto named = std::find_if(
          names.begin(), names.end(),
          [&](const spec::LimitReference& reference) { return reference.name == limit.name; });
      diagnostics_.error(named->place, fmt::format("the limit '{}' is per '{}', but {}", limit.name,
                                                   limit.per->text, lack));
      return;
    }
  }

  static std::string_view hole_text(const Value& value, const Value::Hole& hole) {
    return std::string_view(value.text).substr(hole.begin, hole.end - hole.begin);
  }

  /// What items of that type lack for a hole, or "".
  static std::string lack_of(std::string_view written, const abi::TypeInfo& type) {
    const bool is_part = written.find('.') != written.npos;
    if (is_part && type.field == nullptr) {
      return fmt::format(
          "an item here is of type '{}', which has no parts; '${{{{ item }}}}' is the whole of it",
          type.name);
    }
    if (!is_part && type.text == nullptr) {
      return fmt::format("items of type '{}' have no text form (the plugin's weir::Type<…>::text)",
                         type.name);
    }
    return "";
  }

  void holes(const Value& value, const abi::TypeInfo& type) {
    for (const Value::Hole& hole : value.holes) {
      const std::string_view written = hole_text(value, hole);
      const std::string lack = lack_of(written, type);
      if (!lack.empty()) diagnostics_.error(hole.place, fmt::format("'{}': {}", written, lack));
    }
    for (const Value& item : value.items) holes(item, type);
    for (const Value::Field& field : value.fields) holes(field.value, type);
  }

  static bool is_text(const abi::TypeInfo& type) {
    return std::string_view(type.name) == abi::type_info<std::string_view>.name;
  }

  const std::vector<Checked>& nodes_;
  const Registry& registry_;
  spec::Diagnostics& diagnostics_;
};

}  // namespace

void check_port_types(const std::vector<Checked>& nodes, Checked& node, const Registry& registry,
                      spec::Diagnostics& diagnostics) {
  PortTypes(nodes, registry, diagnostics).check(node);
}

}  // namespace weir::compile
