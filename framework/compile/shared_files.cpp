#include "compile/shared_files.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <string>

namespace weir::compile {
namespace {

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

/// The value that a node is given for a parameter, or null.
const Value* given(const Checked& node, std::string_view parameter) {
  for (const Value::Field& field : node.parameters) {
    if (field.key == parameter) return &field.value;
  }
  return nullptr;
}

}  // namespace

void check_output_files(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics) {
  std::map<std::string, const spec::NodeDeclaration*> writers;
  for (const Checked& node : nodes) {
    if (node.type == nullptr || node.instance == nullptr) continue;
    for (const abi::ParamSpec& param : node.type->params) {
      if (!param.output_file) continue;
      const Value* path = given(node, param.name);
      if (path == nullptr) continue;
      const std::string file = file_of(path->text);
      if (file.empty()) continue;
      const auto [writer, first] = writers.emplace(file, node.declared);
      if (first) continue;
      diagnostics.error(
          path->place,
          fmt::format("'{}' writes '{}' already, and two nodes can't write one file; give one of "
                      "them another, or let one node read both ('from: [a, b]')",
                      writer->second->name, path->text));
    }
  }
}

void check_standard_input(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics) {
  const spec::NodeDeclaration* reader = nullptr;
  for (const Checked& node : nodes) {
    const bool is_lines = node.type != nullptr && node.instance != nullptr &&
                          node.type->kind == abi::Kind::source && node.type->name == "lines";
    const Value* path = is_lines ? given(node, "path") : nullptr;
    if (path == nullptr || path->text != "-") continue;
    if (reader == nullptr) {
      reader = node.declared;
      continue;
    }
    diagnostics.error(
        path->place,
        fmt::format("'{}' reads standard input already, and two sources would each get some of its "
                    "lines; let both nodes behind them read one source",
                    reader->name));
  }
}

}  // namespace weir::compile
