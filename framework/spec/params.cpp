#include "spec/params.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <unordered_map>

#include "spec/cycles.hpp"
#include "spec/names.hpp"
#include "spec/scalar.hpp"
#include "spec/setting.hpp"
#include "spec/template.hpp"

namespace weir::spec {

namespace {

class ParamsReader {
 public:
  ParamsReader(const Tree& tree, const std::vector<TreeField>& fields, Resolver& resolver,
               Diagnostics& diagnostics)
      : tree_(tree), fields_(fields), resolver_(resolver), diagnostics_(diagnostics) {
    for (std::size_t i = 0; i < fields_.size(); ++i) indexes_.emplace(fields_[i].key, i);
  }

  std::vector<Parameter> read(const Settings& settings) {
    check_names();
    take(settings);
    const Needs needs = uses();
    const Order order = order_by_needs(needs);
    std::vector<Parameter> parameters(fields_.size());
    for (const Cycle& cycle : order.cycles) {
      parameters[cycle.closing].value.faulty = true;
      if (!cycle.members.empty()) report(cycle, parameters);
    }
    for (const std::size_t index : order.order) {
      Parameter& parameter = parameters[index];
      parameter.name = fields_[index].key;
      parameter.place = fields_[index].key_place;
      if (!parameter.value.faulty) parameter.value = value_of(index);
      resolver_.define(parameter.name, parameter.value);
    }
    return parameters;
  }

 private:
  void check_names() {
    for (const TreeField& field : fields_) {
      if (is_name(field.key)) continue;
      diagnostics_.error(field.key_place,
                         fmt::format("{} can't name a parameter; use letters, digits, '_' and '-', "
                                     "and begin with a letter or '_'",
                                     quote(field.key)));
    }
  }

  void take(const Settings& settings) {
    std::vector<std::string> names;
    for (const TreeField& field : fields_) names.push_back(field.key);
    for (const auto& [name, text] : settings.kept) {
      const auto found = indexes_.find(name);
      if (found == indexes_.end()) {
        diagnostics_.warning({}, fmt::format("the run was begun with --set {}={}, but there is no "
                                             "parameter {} any more",
                                             name, shortened(text), quote(name)));
      } else {
        settings_[found->second] = text;
      }
    }
    for (const auto& [name, text] : settings.given) {
      const auto found = indexes_.find(name);
      if (found == indexes_.end()) {
        diagnostics_.option_error(fmt::format("--set {}={}: there is no parameter {}{}", name,
                                              shortened(text), quote(name),
                                              did_you_mean(name, names)));
      } else {
        settings_[found->second] = text;
      }
    }
  }

  /// For each parameter those that its default uses. A default that is replaced uses nothing.
  Needs uses() const {
    Needs needs(fields_.size());
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (settings_.count(i) != 0) continue;
      for (const std::string& name : resolver_.references(fields_[i].value)) {
        const auto found = indexes_.find(name);
        if (found != indexes_.end()) needs[i].push_back(found->second);
      }
    }
    return needs;
  }

  void report(const Cycle& cycle, std::vector<Parameter>& parameters) {
    std::vector<std::string> names;
    for (const std::size_t member : cycle.members) {
      names.push_back(fields_[member].key);
      parameters[member].value.faulty = true;
      parameters[member].value.place = tree_[fields_[member].value].place;
    }
    names.push_back(names.front());
    diagnostics_.error(
        tree_[fields_[cycle.members.front()].value].place,
        names.size() == 2
            ? fmt::format("the parameter '{}' is defined by itself", names.front())
            : fmt::format("these parameters are defined by each other: {}", cycle_text(names)));
  }

  Value value_of(std::size_t index) {
    const TreeField& field = fields_[index];
    const TreeNode& node = tree_[field.value];
    const auto setting = settings_.find(index);
    if (setting != settings_.end()) return set_value(index, setting->second);

    Value value = resolver_.resolve(field.value);
    const bool is_required = node.kind == TreeNode::Kind::scalar && !is_template(node.text) &&
                             value.kind == Value::Kind::null && !value.faulty;
    if (is_required) {
      diagnostics_.error(
          field.key_place,
          fmt::format("the parameter '{0}' has no default; set it with --set {0}=…", field.key));
      value.faulty = true;
    }
    return value;
  }

  Value set_value(std::size_t index, const std::string& text) {
    Setting setting = read_setting(text, type_of(index));
    if (!setting.error.empty()) {
      diagnostics_.option_error(
          fmt::format("--set {}={}: {}", fields_[index].key, shortened(text), setting.error));
      setting.value = {};
      setting.value.faulty = true;
    }
    setting.value.place = tree_[fields_[index].value].place;
    return std::move(setting.value);
  }

  /// The type of a parameter's default, as far as the file says it. The default itself may not be
  /// looked at: it may use what isn't set.
  std::optional<Value::Kind> type_of(std::size_t index) const {
    for (std::size_t steps = 0; steps <= fields_.size(); ++steps) {
      const TreeNode& node = tree_[fields_[index].value];
      if (node.kind == TreeNode::Kind::list) return Value::Kind::list;
      if (node.kind == TreeNode::Kind::map) return Value::Kind::map;
      const bool is_plain = node.style == TreeNode::Style::plain;
      const Template parsed = parse_template(node.text);
      if (!parsed.is_reference()) return type_of(parsed.pieces, is_plain);

      const Piece& reference = parsed.pieces.front();
      const auto other = indexes_.find(reference.text);
      if (other == indexes_.end()) {
        if (!reference.has_fallback && is_plain) return std::nullopt;
        return type_of(reference.fallback, is_plain);
      }
      index = other->second;
    }
    return std::nullopt;  // a cycle
  }

  static std::optional<Value::Kind> type_of(const std::vector<Piece>& pieces, bool is_plain) {
    if (!is_plain) return Value::Kind::text;
    if (pieces.empty()) return std::nullopt;
    const bool is_literal = pieces.size() == 1 && pieces.front().kind == Piece::Kind::literal;
    if (!is_literal) return std::nullopt;
    return classify(pieces.front().text).kind;
  }

  const Tree& tree_;
  const std::vector<TreeField>& fields_;
  Resolver& resolver_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, std::size_t> indexes_;
  std::map<std::size_t, std::string> settings_;  ///< by the parameter's index
};

}  // namespace

std::vector<Parameter> read_params(const Tree& tree, const TreeNode* params,
                                   const Settings& settings, Resolver& resolver,
                                   Diagnostics& diagnostics) {
  const std::vector<TreeField> none;
  const std::vector<TreeField>& fields = params == nullptr ? none : params->fields;
  return ParamsReader(tree, fields, resolver, diagnostics).read(settings);
}

}  // namespace weir::spec
