#include "compile/load.hpp"

#include <filesystem>

#include "compile/plugin.hpp"

namespace weir::compile {

std::optional<Plan> load(const spec::SourceText& source, const LoadOptions& options,
                         Registry& registry, spec::Diagnostics& diagnostics) {
  bool plugins_loaded = true;
  const auto load_one = [&](const std::string& path, const std::string& base, Place place) {
    if (const auto error = load_plugin(path, base, registry)) {
      diagnostics.error(place, *error);
      plugins_loaded = false;
    }
  };
  for (const std::string& plugin : options.plugins) load_one(plugin, ".", {});
  spec::ReadOptions read_options;
  read_options.settings = options.settings;
  read_options.kept_settings = options.kept_settings;
  read_options.known_as = options.known_as;
  read_options.environment = spec::process_environment();
  const spec::Pipeline pipeline = spec::read_pipeline(source, read_options, diagnostics);
  const std::string folder = std::filesystem::path(source.name).parent_path().string();
  for (const spec::PluginDeclaration& plugin : pipeline.plugins) {
    load_one(plugin.path, folder.empty() ? "." : folder, plugin.place);
  }
  return make_plan(pipeline, registry, diagnostics, plugins_loaded);
}

}  // namespace weir::compile
