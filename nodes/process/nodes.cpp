#include <algorithm>
#include <stdexcept>
#include <string>

#include <weir/node.hpp>

#include "nodes/process/command.hpp"

namespace weir::nodes {

/// Text for a shell. An item put into it would be run as code.
struct Script {
  std::string text;
};

}  // namespace weir::nodes

template <>
struct weir::ParamType<weir::nodes::Script> {
  static constexpr const char* name = "text";

  static nodes::Script parse(const Value& value) {
    if (!value.holes.empty()) {
      const Value::Hole hole = value.holes.front();
      const std::string expression = value.text.substr(hole.begin, hole.end - hole.begin);
      throw BadValue(hole.place, "'" + expression +
                                     "' in a shell script would run the item's text as code; pass "
                                     "it as 'env: {ITEM: \"" +
                                     expression + "\"}' and write \"$ITEM\"");
    }
    return {ParamType<std::string>::parse(value)};
  }
  static std::string text(const nodes::Script& script) { return '"' + script.text + '"'; }
};

namespace weir::nodes {
namespace {

template <class N>
void describe_options(Describe<N>& d) {
  d.template param<&N::env>("env", "Environment variables, on top of weir's own.");
  d.template param<&N::cwd>("cwd", "The folder to run in; without it, the one weir runs in.");
  d.template param<&N::standard_input>("stdin", "What it reads: nothing, or the item's text.")
      .one_of({"none", "item"});
  d.template param<&N::emit>("emit",
                             "What is given out: the item as it came; what the command wrote, "
                             "without its last newline; or a record of item, status, stdout, "
                             "stderr and seconds.")
      .one_of({"item", "stdout", "result"});
  d.template param<&N::output_cap>(
      "output_cap", "How much is kept of what it writes, of stdout and of stderr each.");
  d.output("What `emit` says.");
}

/// No argument and no variable of a command can hold that: it ends them.
bool has_nul(std::string_view text) { return text.find('\0') != text.npos; }

/// Throws what can be told of the environment and the folder before the run.
void validate_options(const CommandOptions& options) {
  for (const auto& [name, value] : options.env) {
    if (name.find('=') != name.npos) {
      throw std::runtime_error("'env': the variable '" + name + "' can't have a '=' in its name");
    }
    if (has_nul(name) || has_nul(value.source())) {
      throw std::runtime_error("'env': the variable '" + name.substr(0, name.find('\0')) +
                               "' can't have a NUL byte in its name or value");
    }
  }
  if (has_nul(options.cwd.source())) throw std::runtime_error("'cwd' can't have a NUL byte in it");
}

struct Run : CommandOptions {
  std::vector<Template> argv;

  static void describe(Describe<Run>& d) {
    d.node("run",
           "Runs a program for each item, without a shell; any status but 0 fails the item.");
    d.param<&Run::argv>("argv", "The program and its arguments; `run: […]` is short for it.")
        .required()
        .not_empty();
    describe_options(d);
  }

  std::string output_type(std::string_view /*input*/) const {
    return CommandOptions::output_type();
  }

  void validate() const {
    if (argv.front().empty()) {
      throw std::runtime_error("'argv': the first element, the program, is empty");
    }
    for (std::size_t i = 0; i < argv.size(); ++i) {
      if (!has_nul(argv[i].source())) continue;
      throw std::runtime_error("'argv': element " + std::to_string(i + 1) +
                               " has a NUL byte in it, which no argument can have");
    }
    validate_options(*this);
  }

  Task<Item> operator()(Item item, Host& host) const {
    Command command = prepare(item);
    for (const Template& argument : argv) command.argv.push_back(argument.render(item));
    const std::string line = shell_quoted(command.argv);
    ProcessResult result = co_await host.run(std::move(command));
    co_return give(item, line, line, std::move(result), host);
  }
};

/// A script's first line that is not empty; what follows it is left out.
std::string first_line(std::string_view script) {
  const std::size_t begin = script.find_first_not_of(" \t\n");
  if (begin == script.npos) return {};
  script.remove_prefix(begin);
  const std::size_t end = script.find('\n');
  if (script.find_first_not_of(" \t\n", std::min(end, script.size())) == script.npos) {
    return std::string(script.substr(0, end));
  }
  return std::string(script.substr(0, end)) + " …";
}

struct Shell : CommandOptions {
  Script script;

  static void describe(Describe<Shell>& d) {
    d.node("shell",
           "Runs a shell script (/bin/sh) for each item; any status but 0 fails the item.");
    d.param<&Shell::script>("script",
                            "The script; `shell: text` is short for it. The item comes to it by "
                            "`env` or `stdin`, never by '${{ }}'.")
        .required();
    describe_options(d);
  }

  std::string output_type(std::string_view /*input*/) const {
    return CommandOptions::output_type();
  }

  void validate() const {
    if (has_nul(script.text)) throw std::runtime_error("'script' can't have a NUL byte in it");
    validate_options(*this);
  }

  Task<Item> operator()(Item item, Host& host) const {
    Command command = prepare(item);
    command.argv = {"/bin/sh", "-c", script.text, "sh"};
    ProcessResult result = co_await host.run(std::move(command));
    co_return give(item, shell_quoted({"sh", "-c", script.text}), first_line(script.text),
                   std::move(result), host);
  }
};

}  // namespace

WEIR_NODES(process_nodes, "process", Run, Shell)

}  // namespace weir::nodes
