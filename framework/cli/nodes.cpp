#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "cli/load.hpp"
#include "compile/check.hpp"
#include "compile/plugin.hpp"
#include "spec/diagnostic.hpp"

namespace weir::cli {
namespace {

struct NodesOptions {
  std::string name;
  std::vector<std::string> plugins;
};

std::string input_text(const abi::NodeType& type) {
  return type.input == nullptr ? "any" : type.input->name;
}

/// "int -> small: int, large: int"
std::string signature(const abi::NodeType& type) {
  std::string to;
  if (type.kind == abi::Kind::function || type.kind == abi::Kind::sink) to = input_text(type);
  if (type.outputs.empty()) return to;
  to += to.empty() ? "-> " : " -> ";
  bool first = true;
  for (const abi::PortSpec& port : type.outputs) {
    if (!first) to += ", ";
    first = false;
    if (port.name != "out") to += port.name + ": ";
    to += port.type != nullptr
              ? port.type->name
              : (type.kind == abi::Kind::source ? "by its parameters" : "the same");
  }
  return to;
}

std::string concurrency(const abi::NodeType& type) {
  std::string to;
  switch (type.work) {
    case abi::Work::computes:
      to = "computes, on a worker";
      break;
    case abi::Work::waits:
      to = "waits, without holding a thread";
      break;
    case abi::Work::blocks:
      to = "blocks, on threads of its own";
      break;
  }
  if (!type.concurrent) return to + "; one item at a time";
  if (type.work != abi::Work::blocks) return to + "; any number of items at a time";
  return to + fmt::format("; {} items at a time, or its limit", compile::kBlockingThreads);
}

void show_one(const compile::Registry::Entry& entry) {
  const abi::NodeType& type = entry.type;
  std::cout << fmt::format("{} {} ({})\n  {}\n", compile::to_string(type.kind), type.name,
                           entry.origin, type.doc);
  if (type.kind == abi::Kind::function || type.kind == abi::Kind::sink) {
    std::cout << fmt::format("\n  takes   {}{}\n", input_text(type),
                             type.input_doc.empty() ? "" : ": " + type.input_doc);
  }
  if (!type.outputs.empty() || type.kind == abi::Kind::function) std::cout << "\n  ports\n";
  for (const abi::PortSpec& port : type.outputs) {
    const std::string carries = port.type != nullptr             ? port.type->name
                                : type.kind == abi::Kind::source ? "by its parameters"
                                                                 : "as its input";
    std::cout << fmt::format("    {:<12} {}{}\n", port.name, carries,
                             port.doc.empty() ? "" : ": " + port.doc);
  }
  if (type.kind == abi::Kind::function) {
    std::cout << fmt::format("    {:<12} {}\n", "failed", "record: the items that failed, and why");
  }
  if (!type.params.empty()) std::cout << "\n  parameters\n";
  for (const abi::ParamSpec& param : type.params) {
    std::string about = param.type;
    if (!param.range.empty()) about += ", " + param.range;
    if (param.required) {
      about += ", required";
    } else if (!param.default_text.empty()) {
      about += ", default " + param.default_text;
    }
    std::cout << fmt::format("    {:<12} {}\n                 {}\n", param.name, about, param.doc);
  }
  if (type.kind == abi::Kind::function) std::cout << "\n  " << concurrency(type) << "\n";
}

void show_all(const compile::Registry& registry) {
  for (const abi::Kind kind :
       {abi::Kind::source, abi::Kind::function, abi::Kind::queue, abi::Kind::sink}) {
    std::cout << fmt::format("{}:\n", compile::to_string(kind));
    for (const auto& entry : registry.entries()) {
      if (entry->type.kind != kind) continue;
      std::cout << fmt::format("  {:<12} {:<24} {}\n", entry->type.name, signature(entry->type),
                               entry->type.doc);
    }
  }
  std::cout << "\n'weir nodes NAME' shows parameters and ports.\n";
}

int show_nodes(const NodesOptions& options, const Tables& builtin) {
  compile::Registry registry = make_registry(builtin);
  for (const std::string& plugin : options.plugins) {
    if (const auto error = compile::load_plugin(plugin, ".", registry)) {
      std::cerr << "weir: error: " << *error << "\n";
      return kBadInput;
    }
  }
  if (options.name.empty()) {
    show_all(registry);
    return kDone;
  }
  bool found = false;
  std::vector<std::string> names;
  for (const auto& entry : registry.entries()) {
    names.push_back(entry->type.name);
    if (entry->type.name != options.name) continue;
    if (found) std::cout << "\n";
    show_one(*entry);
    found = true;
  }
  if (found) return kDone;
  std::cerr << fmt::format("weir: error: there is no node type '{}'{}\n", options.name,
                           spec::did_you_mean(options.name, names));
  return kBadInput;
}

}  // namespace

void add_nodes(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<NodesOptions>();
  CLI::App* command =
      app.add_subcommand("nodes", "Lists the node types, or shows the ports and parameters of one");
  command->add_option("NAME", options->name, "The node type");
  command->add_option("--plugin", options->plugins, "Loads a plugin first; any number of times")
      ->type_name("PATH")
      ->allow_extra_args(false);
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return show_nodes(*options, builtin); };
  });
}

}  // namespace weir::cli
