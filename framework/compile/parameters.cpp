#include "compile/parameters.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <map>

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

void unknown_parameter(const Value::Field& field, const abi::NodeType& type,
                       spec::Diagnostics& diagnostics) {
  std::vector<std::string> known = {"from", "limit"};
  for (const abi::ParamSpec& param : type.params) known.push_back(param.name);
  std::string hint = spec::did_you_mean(field.key, known);
  if (hint.empty()) {
    known.erase(known.begin(), known.begin() + 2);
    hint = known.empty() ? "; it has none" : fmt::format("; it has {}", fmt::join(known, ", "));
  }
  diagnostics.error(field.key_place, fmt::format("unknown parameter '{}' of {} type '{}'{}",
                                                 field.key, to_string(type.kind), type.name, hint));
}

/// What makes two paths the same file; empty for what any number of nodes may write to.
std::string file_of(const std::string& path) {
  namespace fs = std::filesystem;
  if (path == "-") return {};
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  const fs::file_status status = fs::status(whole, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) return {};
  const fs::path plain = fs::weakly_canonical(whole, error);
  return error ? path : plain.string();
}

}  // namespace

std::unique_ptr<abi::Instance> bind(const spec::NodeDeclaration& declared,
                                    const abi::NodeType& type, spec::Diagnostics& diagnostics) {
  std::unique_ptr<abi::Instance> instance;
  try {
    instance.reset(type.create());
  } catch (...) {
    diagnostics.error(declared.type_place,
                      fmt::format("'{}' can't be made: its constructor throws", type.name));
    return nullptr;
  }
  bool good = true;
  const auto say = [&](const abi::ParamError& error, std::string_view param, Place otherwise) {
    good = false;
    diagnostics.error(
        error.place.line != 0 ? error.place : otherwise,
        param.empty() ? error.message : fmt::format("'{}': {}", param, error.message));
  };
  for (const Value::Field& field : declared.parameters) {
    const auto spec = std::find_if(type.params.begin(), type.params.end(),
                                   [&](const auto& param) { return param.name == field.key; });
    if (spec == type.params.end()) {
      good = false;
      unknown_parameter(field, type, diagnostics);
    } else if (field.value.faulty) {
      good = false;  // said by the reader of the file
    } else if (auto error = spec->set(instance->node(), field.value)) {
      error->message += spec::did_you_mean(field.value.text, spec->choices);
      // As the file has it: `run: […]` is short for `argv: […]`.
      const bool is_short = field.key_place == declared.type_place;
      say(*error, is_short ? declared.type : field.key, field.value.place);
    }
  }
  for (const abi::ParamSpec& param : type.params) {
    const bool given =
        std::any_of(declared.parameters.begin(), declared.parameters.end(),
                    [&](const Value::Field& field) { return field.key == param.name; });
    if (param.required && !given) {
      good = false;
      diagnostics.error(declared.type_place,
                        fmt::format("'{}' needs the parameter '{}': {}", type.name, param.name,
                                    in_a_sentence(param.doc)));
    }
  }
  if (good) {
    if (auto error = instance->validate()) say(*error, "", declared.type_place);
  }
  if (!good) instance.reset();
  return instance;
}

void check_output_files(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics) {
  std::map<std::string, const spec::NodeDeclaration*> writers;
  for (const Checked& node : nodes) {
    if (node.type == nullptr || node.instance == nullptr) continue;
    for (const abi::ParamSpec& param : node.type->params) {
      if (!param.output_file) continue;
      for (const Value::Field& field : node.declared->parameters) {
        if (field.key != param.name) continue;
        const std::string file = file_of(field.value.text);
        if (file.empty()) continue;
        const auto [writer, first] = writers.emplace(file, node.declared);
        if (first) continue;
        diagnostics.error(
            field.value.place,
            fmt::format("'{}' writes '{}' already, and two nodes can't write one file; give one of "
                        "them another, or let one node read both ('from: [a, b]')",
                        writer->second->name, field.value.text));
      }
    }
  }
}

}  // namespace weir::compile
