#pragma once

/// Reads a plugin's stamp from its file, without running anything of it.

#include <optional>
#include <string>

namespace weir::compile {

struct StampResult {
  std::string stamp;  ///< valid if `error` is empty
  std::string error;  ///< why there is none: one line
};

/// The text at the symbol `weir_plugin_stamp` of an ELF shared library. Trusts nothing in the file:
/// every offset is checked.
StampResult read_stamp(const std::string& path);

/// Why a library with this stamp can't be loaded, or nothing.
std::optional<std::string> compare_stamp(const std::string& stamp, const std::string& own);

}  // namespace weir::compile
