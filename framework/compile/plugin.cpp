#include "compile/plugin.hpp"

#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>

#include "compile/stamp.hpp"

namespace weir::compile {

std::optional<std::string> load_plugin(const std::string& path, const std::string& base,
                                       Registry& registry) {
  namespace fs = std::filesystem;
  if (path.find('/') == std::string::npos) {
    return fmt::format("plugin '{0}': say in which folder it is: './{0}' or '/…/{0}'", path);
  }
  std::error_code error;
  const fs::path wanted = base == "." ? fs::path(path) : fs::path(base) / path;
  const fs::path real = fs::canonical(wanted, error);
  if (error) return fmt::format("plugin '{}': {}", wanted.string(), error.message());
  const std::string file = real.string();
  for (const auto& entry : registry.entries()) {
    if (entry->origin == file) return std::nullopt;
  }

  const StampResult stamp = read_stamp(file);
  if (!stamp.error.empty()) return fmt::format("plugin '{}': {}", file, stamp.error);
  if (auto difference = compare_stamp(stamp.stamp, abi::make_stamp().data())) {
    return fmt::format("plugin '{}': {}", file, *difference);
  }

  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    // dlerror begins with the file's name, which is said already.
    std::string reason = dlerror();
    if (reason.starts_with(file + ": ")) reason.erase(0, file.size() + 2);
    return fmt::format("plugin '{}': it can't be loaded: {}", file, reason);
  }
  void* symbol = dlsym(library, abi::kTableSymbol);
  if (symbol == nullptr) {
    return fmt::format("plugin '{}': it lacks the symbol '{}'", file, abi::kTableSymbol);
  }
  abi::Table table;
  if (const char* reason = reinterpret_cast<abi::TableFunction>(symbol)(&table)) {
    return fmt::format("plugin '{}': its nodes can't describe themselves: {}", file, reason);
  }
  if (auto reason = registry.add(std::move(table), file)) {
    return fmt::format("plugin '{}': {}", file, *reason);
  }
  return std::nullopt;
}

}  // namespace weir::compile
