#pragma once

/// `params:` and `--set`.

#include <string>
#include <utility>
#include <vector>

#include "spec/diagnostic.hpp"
#include "spec/pipeline.hpp"
#include "spec/resolve.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// As in ReadOptions.
struct Settings {
  const std::vector<std::pair<std::string, std::string>>& given;
  const std::vector<std::pair<std::string, std::string>>& kept;
};

/// Resolves the parameters that the map `params` declares, each after those that it uses, and
/// defines them in `resolver`. A setting replaces a default and takes its type; the last one of a
/// name counts. `params` is nullptr if the file has none.
std::vector<Parameter> read_params(const Tree& tree, const TreeNode* params,
                                   const Settings& settings, Resolver& resolver,
                                   Diagnostics& diagnostics);

}  // namespace weir::spec
