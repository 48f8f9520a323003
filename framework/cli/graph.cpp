#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "cli/load.hpp"
#include "cli/run_graph.hpp"
#include "journal/file.hpp"
#include "view/graph/pictures.hpp"

namespace weir::cli {
namespace {

struct GraphOptions {
  std::string file;
  RunChoice run{.run = ""};  ///< empty: the graph is of the file
  LoadOptions load;
  bool tbb = false;
  std::string format = "text";
  std::string output;
  view::Direction direction = view::Direction::right;
};

/// In any format but text. `marks` may be null.
std::string picture(const view::Graph& graph, const view::Marks* marks,
                    const GraphOptions& options) {
  if (options.format == "dot") return view::dot_picture(graph, marks, options.direction);
  if (options.format == "mermaid") return view::mermaid_picture(graph, marks, options.direction);
  if (options.format == "svg") return view::svg_picture(graph, marks, options.direction);
  return view::json_picture(graph, marks);
}

std::string picture(const compile::Plan& plan, const GraphOptions& options) {
  if (options.tbb) return compile::print_tbb(plan);
  if (options.format == "text") return compile::print(plan);
  return picture(view::graph_of(plan), nullptr, options);
}

std::string picture(const RunGraph& run, const GraphOptions& options) {
  if (options.format == "text") return view::text_picture(run.graph, run.marks);
  return picture(run.graph, &run.marks, options);
}

int write(const std::string& text, const std::string& output) {
  if (output.empty()) {
    std::cout << text;
    return kDone;
  }
  const std::string error = journal::replace_file(output, text);
  if (error.empty()) return kDone;
  std::cerr << "weir: error: " << error << "\n";
  return kCannotWork;
}

int show_file(const GraphOptions& options, const Tables& builtin) {
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load(options.file, options.load, registry);
  if (!plan) return kBadInput;
  return write(picture(*plan, options), options.output);
}

int show_run(const GraphOptions& options, const Tables& builtin) {
  RunGraph run;
  const int status = graph_of_run(options.run, builtin, run);
  return status == kDone ? write(picture(run, options), options.output) : status;
}

}  // namespace

void add_graph(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<GraphOptions>();
  CLI::App* command = app.add_subcommand("graph", "Shows the graph of a pipeline, or of a run");
  CLI::Option* file = command->add_option("FILE", options->file, "The pipeline");
  CLI::Option* format =
      command->add_option("-f,--format", options->format, "text, dot, mermaid, svg or json")
          ->check(CLI::IsMember({"text", "dot", "mermaid", "svg", "json"}))
          ->type_name("FORMAT")
          ->capture_default_str();
  command->add_option("-o,--output", options->output, "Writes it to this file")->type_name("FILE");
  command
      ->add_option("--direction", options->direction,
                   "Where the edges of a dot, mermaid or svg picture go: right or down")
      ->transform(CLI::CheckedTransformer(std::map<std::string, view::Direction>{
          {"right", view::Direction::right}, {"down", view::Direction::down}}))
      ->type_name("DIRECTION")
      ->default_str("right");
  CLI::Option* tbb =
      command->add_flag("--tbb", options->tbb, "Shows what each node is on oneTBB's flow graph")
          ->excludes(format);
  CLI::Option* run =
      command
          ->add_option("--run", options->run.run,
                       "In place of FILE: the graph of this run, with what it did or does in it; "
                       "'latest', its id or the beginning of it, or its directory")
          ->type_name("RUN")
          ->excludes(file)
          ->excludes(tbb);
  add_root_option(*command, options->run);
  add_load_options(*command, options->load);
  for (const char* option : {"--set", "--plugin"}) run->excludes(command->get_option(option));
  command->callback([options, file, run, &chosen, &builtin] {
    if (file->empty() && run->empty()) throw CLI::RequiredError("FILE or --run");
    const bool is_run = !run->empty();
    chosen.command = [options, is_run, &builtin] {
      return is_run ? show_run(*options, builtin) : show_file(*options, builtin);
    };
  });
}

}  // namespace weir::cli
