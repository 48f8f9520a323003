#pragma once

/// Loading plugins.

#include <optional>
#include <string>

#include "compile/registry.hpp"

namespace weir::compile {

/// Loads a plugin and adds its nodes to the registry. `path` must say where it is (have a '/');
/// a relative one counts from `base`, a folder. A plugin that is loaded already is not loaded
/// again. The result says in one line what is wrong, and names the file.
///
/// The plugin's stamp is compared before any of its code runs. It is opened RTLD_NOW | RTLD_LOCAL
/// and never closed.
std::optional<std::string> load_plugin(const std::string& path, const std::string& base,
                                       Registry& registry);

}  // namespace weir::compile
