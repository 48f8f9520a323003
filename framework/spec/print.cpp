/// A pipeline as text, for tests.

#include <fmt/format.h>
#include <iterator>

#include <weir/units.hpp>

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

std::string print_limit(const LimitDeclaration& limit) {
  std::string out;
  if (limit.slots) out += fmt::format(" slots {}", *limit.slots);
  if (limit.rate) out += fmt::format(" rate {}/s", limit.rate->per_second);
  if (limit.memory) out += fmt::format(" memory {}", format_size({*limit.memory}));
  if (limit.per) out += " per " + print_value(*limit.per);
  return out;
}

std::string print_limit(const Limit& limit) {
  if (limit.count) return std::to_string(*limit.count);
  std::string out;
  for (const LimitReference& name : limit.names) out += (out.empty() ? "" : ", ") + name.name;
  return out.empty() ? "unlimited" : out;
}

std::string print_retry(const Retry& retry) {
  std::string out = fmt::format("{} attempts, {}..{}", retry.attempts, format_duration(retry.first),
                                format_duration(retry.longest));
  if (!retry.statuses.empty()) out += fmt::format(", status {}", fmt::join(retry.statuses, " "));
  if (!retry.match.text.empty()) out += fmt::format(", match /{}/", printable(retry.match.text));
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
  for (const Secret& secret : pipeline.secrets) {
    fmt::format_to(add, "  secret {}\n", secret.variable);
  }
  for (const LimitDeclaration& limit : pipeline.limits) {
    fmt::format_to(add, "  limit {}:{}\n", printable(limit.name), print_limit(limit));
  }
  for (const NodeDeclaration& node : pipeline.nodes) {
    fmt::format_to(add, "  {} {}: {}\n", to_string(node.kind), printable(node.name),
                   printable(node.type));
    if (!node.from.empty()) fmt::format_to(add, "    from {}\n", print_references(node.from));
    if (node.limit) fmt::format_to(add, "    limit {}\n", print_limit(*node.limit));
    if (node.weight) fmt::format_to(add, "    weight {}\n", print_value(node.weight->value));
    if (node.memory) fmt::format_to(add, "    memory {}\n", print_value(node.memory->value));
    if (node.timeout) fmt::format_to(add, "    timeout {}\n", format_duration(node.timeout->time));
    if (node.retry) fmt::format_to(add, "    retry {}\n", print_retry(*node.retry));
    if (node.throttle) {
      fmt::format_to(add, "    throttle {} at /{}/\n", format_duration(node.throttle->pause),
                     printable(node.throttle->match.text));
    }
    if (node.on_failure.items) {
      fmt::format_to(add, "    on_failure stop after {}\n", *node.on_failure.items);
    }
    if (node.on_failure.percent) {
      fmt::format_to(add, "    on_failure stop after {}%\n", *node.on_failure.percent);
    }
    if (node.on_cancel) {
      fmt::format_to(add, "    on_cancel {}\n", print_value(node.on_cancel->value));
    }
    for (const Value::Field& field : node.parameters) {
      fmt::format_to(add, "    {} = {}\n", printable(field.key), print_value(field.value));
    }
  }
  return out;
}

}  // namespace weir::spec
