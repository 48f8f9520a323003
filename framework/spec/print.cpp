/// A pipeline as text, for tests.

#include <fmt/format.h>
#include <iterator>

#include "spec/pipeline.hpp"
#include "spec/utf8.hpp"

namespace weir::spec {

namespace {

/// In double quotes, as a file would have it: a dollar that isn't a hole's is doubled where it
/// would mean something.
std::string print_text(const Value& value) {
  std::string out = "\"";
  auto hole = value.holes.begin();
  for (std::size_t at = 0; at < value.text.size();) {
    if (hole != value.holes.end() && at == hole->begin) {
      out += value.text.substr(hole->begin, hole->end - hole->begin);
      at = hole->end;
      ++hole;
      continue;
    }
    const char c = value.text[at];
    const char next = at + 1 < value.text.size() ? value.text[at + 1] : '\0';
    if (c == '"' || c == '\\') out += '\\';
    if (c == '$' && (next == '{' || next == '$')) out += '$';
    out += next_printable(value.text, at);
  }
  return out + '"';
}

std::string print_value(const Value& value) {
  std::string out;
  switch (value.kind) {
    case Value::Kind::null:
      return value.faulty ? "?" : "null";
    case Value::Kind::boolean:
      return value.boolean ? "true" : "false";
    case Value::Kind::integer:
      return std::to_string(value.integer);
    case Value::Kind::number:
      return value.text;
    case Value::Kind::text:
      return print_text(value);
    case Value::Kind::list:
      for (const Value& item : value.items) out += (out.empty() ? "" : ", ") + print_value(item);
      return "[" + out + "]";
    case Value::Kind::map:
      for (const Value::Field& field : value.fields) {
        out += (out.empty() ? "" : ", ") + printable(field.key) + ": " + print_value(field.value);
      }
      return "{" + out + "}";
  }
  return out;
}

std::string print_references(const std::vector<Reference>& references) {
  std::string out;
  for (const Reference& reference : references) {
    out += (out.empty() ? "" : ", ") + reference.node;
    if (reference.port != "out") out += "." + reference.port;
  }
  return out;
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::source:
      return "source";
    case Kind::function:
      return "function";
    case Kind::queue:
      return "queue";
    case Kind::sink:
      return "sink";
  }
  return "?";
}

std::string print(const Pipeline& pipeline) {
  std::string out = fmt::format("pipeline {}\n", printable(pipeline.name));
  const auto add = std::back_inserter(out);
  for (const Parameter& parameter : pipeline.parameters) {
    fmt::format_to(add, "  param {} = {}\n", printable(parameter.name),
                   print_value(parameter.value));
  }
  for (const PluginDeclaration& plugin : pipeline.plugins) {
    fmt::format_to(add, "  plugin {}\n", printable(plugin.path));
  }
  for (const NodeDeclaration& node : pipeline.nodes) {
    fmt::format_to(add, "  {} {}: {}\n", to_string(node.kind), printable(node.name),
                   printable(node.type));
    if (!node.from.empty()) fmt::format_to(add, "    from {}\n", print_references(node.from));
    if (node.limit) {
      fmt::format_to(add, "    limit {}\n",
                     node.limit->count ? std::to_string(*node.limit->count) : "unlimited");
    }
    for (const Value::Field& field : node.parameters) {
      fmt::format_to(add, "    {} = {}\n", printable(field.key), print_value(field.value));
    }
  }
  return out;
}

}  // namespace weir::spec
