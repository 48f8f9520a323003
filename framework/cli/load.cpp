#include "cli/load.hpp"

#include <iostream>
#include <stdexcept>

#include "compile/load.hpp"
#include "spec/pipeline.hpp"
#include "view/diagnostics.hpp"

namespace weir::cli {

void add_load_options(CLI::App& command, LoadOptions& options) {
  command
      .add_option(
          "--set", options.settings,
          "Sets a parameter of the file (its 'params:'), as NAME=VALUE; any number of times")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command
      .add_option("--plugin", options.plugins,
                  "Loads a plugin, beside those that the file names; any number of times")
      ->type_name("PATH")
      ->allow_extra_args(false);
}

compile::Registry make_registry(const Tables& builtin) {
  compile::Registry registry;
  for (abi::Table& table : builtin()) {
    if (const auto error = registry.add(std::move(table), "built in")) {
      throw std::logic_error(*error);
    }
  }
  return registry;
}

namespace {

/// Says what is wrong with `--set`.
compile::LoadOptions read_options(const LoadOptions& options, spec::Diagnostics& diagnostics) {
  compile::LoadOptions to;
  to.plugins = options.plugins;
  to.kept_settings = options.kept_settings;
  to.known_as = options.known_as;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      diagnostics.option_error("--set " + setting + ": write it as NAME=VALUE");
      continue;
    }
    to.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  return to;
}

}  // namespace

std::optional<compile::Plan> load(const std::string& file, const LoadOptions& options,
                                  compile::Registry& registry, std::string* text) {
  spec::Diagnostics diagnostics;
  const compile::LoadOptions load_options = read_options(options, diagnostics);
  const bool good_settings = !diagnostics.has_errors();
  const spec::SourceText source = spec::read_source(file, diagnostics);
  std::optional<compile::Plan> plan;
  // A file that can't be read has no errors of its own.
  if (diagnostics.has_errors() == !good_settings) {
    plan = compile::load(source, load_options, registry, diagnostics);
  }
  std::cerr << view::diagnostics_text(diagnostics, source);
  if (text != nullptr) *text = source.text;
  return plan;
}

std::optional<compile::Plan> load_text(const std::string& file, const std::string& text,
                                       const LoadOptions& options, compile::Registry& registry) {
  spec::Diagnostics diagnostics;
  const compile::LoadOptions load_options = read_options(options, diagnostics);
  const spec::SourceText source{file, text};
  std::optional<compile::Plan> plan = compile::load(source, load_options, registry, diagnostics);
  std::cerr << view::diagnostics_text(diagnostics, source);
  return plan;
}

}  // namespace weir::cli
