#include "compile/load.hpp"

#include <filesystem>

#include "compile/plugin.hpp"

namespace weir::compile {

std::optional<Plan> load(const spec::SourceText& source, const LoadOptions& options,
                         Registry& registry, spec::Diagnostics& diagnostics) {
  for (const std::string& plugin : options.plugins) {
    if (const auto error = load_plugin(plugin, ".", registry)) diagnostics.error({}, *error);
  }
  spec::ReadOptions read_options;
  read_options.settings = options.settings;
  read_options.environment = spec::process_environment();
  const spec::Pipeline pipeline = spec::read_pipeline(source, read_options, diagnostics);
  const std::string folder = std::filesystem::path(source.name).parent_path().string();
  for (const spec::PluginDeclaration& plugin : pipeline.plugins) {
    if (const auto error = load_plugin(plugin.path, folder.empty() ? "." : folder, registry)) {
      diagnostics.error(plugin.place, *error);
    }
  }
  return make_plan(pipeline, registry, diagnostics);
}

}  // namespace weir::compile
