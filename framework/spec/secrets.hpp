#pragma once

/// `secrets:` of a file.

#include <map>
#include <string>
#include <vector>

#include "spec/context.hpp"
#include "spec/pipeline.hpp"
#include "spec/tree.hpp"

namespace weir::spec {

/// The variables, in the order of the file, each once. One that is not set, or is empty, is worth a
/// warning: there is nothing to hide, which somebody has probably not meant.
std::vector<Secret> read_secrets(const TreeField& field,
                                 const std::map<std::string, std::string>& environment,
                                 const ReadContext& context);

}  // namespace weir::spec
