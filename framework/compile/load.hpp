#pragma once

/// A file's text → Plan: reading, plugins and checks in their order.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compile/check.hpp"

namespace weir::compile {

struct LoadOptions {
  std::vector<std::pair<std::string, std::string>> settings = {};  ///< `--set NAME=VALUE`
  /// Beside those of the file; relative ones from the working folder.
  std::vector<std::string> plugins = {};
  std::vector<std::pair<std::string, std::string>> kept_settings = {};  ///< as in spec::ReadOptions
  std::string known_as = {};                                            ///< the same
};

/// Everything that is wrong is added to `diagnostics`; nullopt if there is any error. The types of
/// the plugins go into `registry`, which must outlive the plan.
std::optional<Plan> load(const spec::SourceText& source, const LoadOptions& options,
                         Registry& registry, spec::Diagnostics& diagnostics);

}  // namespace weir::compile
