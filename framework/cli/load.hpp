#pragma once

/// From a file to a plan, for every command that takes a pipeline.

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "compile/check.hpp"

namespace weir::cli {

/// What says how a file is read: `--set` and `--plugin`; and what an earlier run of it adds.
struct LoadOptions {
  std::vector<std::string> settings = {};  ///< NAME=VALUE
  std::vector<std::string> plugins = {};
  std::vector<std::pair<std::string, std::string>> kept_settings = {};  ///< as in spec::ReadOptions
  std::string known_as = {};                                            ///< the same
};

void add_load_options(CLI::App& command, LoadOptions& options);

/// A registry with the built-in nodes.
compile::Registry make_registry(const Tables& builtin);

/// Reads and checks a pipeline, loading its plugins; says everything that is wrong, and every
/// warning, on standard error. nullopt if there is an error.
/// The file's text goes to `text`, unless that is null.
std::optional<compile::Plan> load(const std::string& file, const LoadOptions& options,
                                  compile::Registry& registry, std::string* text = nullptr);

/// The same from a text; `file` stands for it in messages, and relative plugin paths count from its
/// folder.
std::optional<compile::Plan> load_text(const std::string& file, const std::string& text,
                                       const LoadOptions& options, compile::Registry& registry);

}  // namespace weir::cli
