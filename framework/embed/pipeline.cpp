#include <weir/pipeline.hpp>

#include "compile/load.hpp"
#include "nodes/builtin.hpp"
#include "runtime/run.hpp"
#include "view/diagnostics.hpp"
#include "view/masking.hpp"
#include "view/progress.hpp"

namespace weir {

struct Pipeline::Loaded {
  compile::Registry registry;  // the plan points into it
  compile::Plan plan;
  std::string warnings;
};

namespace {

/// Throws PipelineError if there are errors.
void settle(const spec::Diagnostics& diagnostics, const spec::SourceText& source) {
  if (diagnostics.has_errors()) throw PipelineError(view::diagnostics_text(diagnostics, source));
}

}  // namespace

Pipeline Pipeline::load(const std::string& file, PipelineOptions options) {
  spec::Diagnostics diagnostics;
  const spec::SourceText source = spec::read_source(file, diagnostics);
  settle(diagnostics, source);
  return parse(source.text, file, std::move(options));
}

Pipeline Pipeline::parse(const std::string& text, const std::string& name,
                         PipelineOptions options) {
  auto loaded = std::make_unique<Loaded>();
  spec::Diagnostics diagnostics;
  const auto add = [&](std::vector<abi::Table> tables, const std::string& origin) {
    for (abi::Table& table : tables) {
      if (const auto error = loaded->registry.add(std::move(table), origin)) {
        diagnostics.error({}, *error);
      }
    }
  };
  add(nodes::builtin(), "built in");
  add(std::move(options.nodes), "the program");
  const spec::SourceText source{name, text};
  std::optional<compile::Plan> plan =
      compile::load(source, {std::move(options.settings), std::move(options.plugins)},
                    loaded->registry, diagnostics);
  settle(diagnostics, source);
  loaded->warnings = view::diagnostics_text(diagnostics, source);
  loaded->plan = std::move(*plan);
  return Pipeline(std::move(loaded));
}

Pipeline::Pipeline(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

const std::string& Pipeline::warnings() const { return loaded_->warnings; }

RunSummary Pipeline::run(const EmbeddedRunOptions& options) const {
  view::LineProgress::Options shown;
  shown.only_failures = true;
  view::PlainConsole console;
  view::LineProgress progress(shown, console);
  runtime::RunOptions run_options;
  run_options.threads = options.threads;
  run_options.batch = options.batch;
  const journal::Secrets secrets(loaded_->plan.secrets);
  run_options.records.secrets = &secrets;
  view::Masking masking(progress, secrets);
  return runtime::run(loaded_->plan, run_options, masking);
}

}  // namespace weir
