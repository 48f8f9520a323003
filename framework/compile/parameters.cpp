#include "compile/parameters.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>

#include "compile/every_error.hpp"
#include "compile/registry.hpp"

namespace weir::compile {
namespace {

/// The first sentence of a text, to stand behind a colon.
std::string in_a_sentence(std::string doc) {
  doc = doc.substr(0, doc.find(". "));
  if (doc.ends_with('.')) doc.pop_back();
  const auto is_upper = [&](std::size_t i) {
    return i < doc.size() && std::isupper(static_cast<unsigned char>(doc[i])) != 0;
  };
  if (is_upper(0) && !is_upper(1)) doc[0] = static_cast<char>(std::tolower(doc[0]));
  return doc;
}

bool has_parameter(const abi::NodeType& type, std::string_view name) {
  return std::any_of(type.params.begin(), type.params.end(),
                     [name](const abi::ParamSpec& param) { return param.name == name; });
}

/// To whom a key belongs that is no parameter and not of this kind of node; or "".
std::string_view owner_of(std::string_view key) {
  if (key == "capacity") return "queues";
  if (key == "max_in_flight") return "sources";
  if (key == "weight" || key == "memory") return "functions";
  return "";
}

/// The key of nodes of that kind that other tools call so; or "".
std::string_view known_elsewhere_as(std::string_view name, abi::Kind kind) {
  static constexpr std::array<std::string_view, 6> limit{
      "concurrency", "max_concurrency", "parallel", "parallelism", "max_parallel", "workers"};
  static constexpr std::array<std::string_view, 4> from{"depends_on", "needs", "input", "inputs"};
  static constexpr std::array<std::string_view, 5> retry{"retries", "max_retries", "tries",
                                                         "attempts", "backoff"};
  const auto is_in = [name](const auto& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const bool is_function = kind == abi::Kind::function;
  if (is_in(from) && kind != abi::Kind::source) return "from";
  if (is_in(limit) && is_function) return "limit";
  if (is_in(retry) && is_function) return "retry";
  return "";
}

void unknown_parameter(const Value::Field& field, const abi::NodeType& type,
                       spec::Diagnostics& diagnostics) {
  if (const std::string_view owner = owner_of(field.key); !owner.empty()) {
    diagnostics.error(field.key_place, fmt::format("'{}' belongs to {}, not to a {}; leave it out",
                                                   field.key, owner, to_string(type.kind)));
    return;
  }
  std::vector<std::string> known;
  for (const abi::ParamSpec& param : type.params) known.push_back(param.name);
  const std::string others =
      known.empty() ? "; it has none" : fmt::format("; it has {}", fmt::join(known, ", "));
  if (type.kind != abi::Kind::source) known.emplace_back("from");
  if (type.kind == abi::Kind::function) {
    known.insert(known.end(), {"limit", "ordered", "weight", "memory", "timeout", "retry",
                               "throttle", "on_failure", "on_cancel"});
  }
  std::string hint = spec::did_you_mean(field.key, known);
  if (const auto key = known_elsewhere_as(field.key, type.kind); hint.empty() && !key.empty()) {
    hint = fmt::format("; did you mean '{}'?", key);
  }
  diagnostics.error(field.key_place,
                    fmt::format("unknown parameter '{}' of {} type '{}'{}", field.key,
                                to_string(type.kind), type.name, hint.empty() ? others : hint));
}

/// Whether a value, or something in it, stands at that place.
bool holds(const Value& value, Place place) {
  const auto is_in = [place](const Value& part) { return holds(part, place); };
  return value.place == place || std::any_of(value.items.begin(), value.items.end(), is_in) ||
         std::any_of(value.fields.begin(), value.fields.end(),
                     [&](const Value::Field& field) { return is_in(field.value); });
}

class Binder {
 public:
  Binder(const spec::NodeDeclaration& declared, const std::vector<Value::Field>& parameters,
         const abi::NodeType& type, spec::Diagnostics& diagnostics)
      : declared_(declared), parameters_(parameters), type_(type), diagnostics_(diagnostics) {}

  std::unique_ptr<abi::Instance> bind() {
    try {
      instance_.reset(type_.create());
    } catch (...) {
      error(declared_.type_place,
            fmt::format("'{}' can't be made: its constructor throws", type_.name));
      return nullptr;
    }
    for (const Value::Field& field : parameters_) take(field);
    for (const abi::ParamSpec& param : type_.params) require(param);
    if (good_) validate();
    if (!good_) instance_.reset();
    return std::move(instance_);
  }

 private:
  void take(const Value::Field& field) {
    const auto spec = std::find_if(type_.params.begin(), type_.params.end(),
                                   [&](const auto& param) { return param.name == field.key; });
    if (spec == type_.params.end()) {
      good_ = false;
      unknown_parameter(field, type_, diagnostics_);
      return;
    }
    if (field.value.faulty) good_ = false;  // said by the reader of the file
    if (is_settled(field.value)) return;
    for (const abi::ParamError& wrong : set_parameter(*spec, instance_->node(), field.value)) {
      error(wrong.place.line != 0 ? wrong.place : field.value.place,
            fmt::format("'{}': {}{}", shown_name(field), wrong.message,
                        spec::did_you_mean(field.value.text, spec->choices)));
    }
  }

  void require(const abi::ParamSpec& param) {
    if (!param.required || find(param.name) != nullptr) return;
    error(declared_.type_place, fmt::format("'{}' needs the parameter '{}': {}", type_.name,
                                            param.name, in_a_sentence(param.doc)));
  }

  /// What is wrong is shown at the parameter that the node means: by a place in it, or by its name
  /// at the beginning of the message.
  void validate() {
    const std::optional<abi::ParamError> wrong = instance_->validate();
    if (!wrong) return;
    for (const Value::Field& field : parameters_) {
      const std::string name = fmt::format("'{}'", field.key);
      const bool is_named = wrong->message.starts_with(name);
      const bool is_placed = wrong->place.line != 0 && holds(field.value, wrong->place);
      if (!is_named && !is_placed) continue;
      error(is_placed ? wrong->place : field.value.place,
            is_named ? fmt::format("'{}'{}", shown_name(field), wrong->message.substr(name.size()))
                     : fmt::format("'{}': {}", shown_name(field), wrong->message));
      return;
    }
    error(wrong->place.line != 0 ? wrong->place : declared_.type_place, wrong->message);
  }

  const Value::Field* find(std::string_view name) const {
    for (const Value::Field& field : parameters_) {
      if (field.key == name) return &field;
    }
    return nullptr;
  }

  /// As the file has it: `run: […]` is short for `argv: […]`.
  const std::string& shown_name(const Value::Field& field) const {
    return field.key_place == declared_.type_place ? declared_.type : field.key;
  }

  void error(Place place, std::string message) {
    good_ = false;
    diagnostics_.error(place, std::move(message));
  }

  const spec::NodeDeclaration& declared_;
  const std::vector<Value::Field>& parameters_;
  const abi::NodeType& type_;
  spec::Diagnostics& diagnostics_;
  std::unique_ptr<abi::Instance> instance_;
  bool good_ = true;
};

}  // namespace

const Value::Field* common_key(const spec::NodeDeclaration& declared, const abi::NodeType& type,
                               std::string_view name) {
  const std::optional<Value::Field>& key = name == "weight" ? declared.weight : declared.memory;
  return key && !has_parameter(type, name) ? &*key : nullptr;
}

std::vector<Value::Field> parameters_of(const spec::NodeDeclaration& declared,
                                        const abi::NodeType& type) {
  std::vector<Value::Field> parameters = declared.parameters;
  for (const std::optional<Value::Field>* key : {&declared.weight, &declared.memory}) {
    if (*key && has_parameter(type, (*key)->key)) parameters.push_back(**key);
  }
  return parameters;
}

std::unique_ptr<abi::Instance> instantiate(const spec::NodeDeclaration& declared,
                                           const std::vector<Value::Field>& parameters,
                                           const abi::NodeType& type,
                                           spec::Diagnostics& diagnostics) {
  return Binder(declared, parameters, type, diagnostics).bind();
}

void warn_of_unused_parameters(const spec::Pipeline& pipeline, spec::Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) return;  // a misspelling of it may be what is wrong
  for (const spec::Parameter& parameter : pipeline.parameters) {
    if (parameter.is_used) continue;
    diagnostics.warning(
        parameter.place,
        fmt::format("parameter '{0}' is never used: there is no '${{{0}}}'", parameter.name));
  }
}

}  // namespace weir::compile
