#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "cli/load.hpp"
#include "view/graph/pictures.hpp"

namespace weir::cli {
namespace {

struct Options {
  std::string file;
  LoadOptions load;
  bool tbb = false;
  std::string format = "text";
  std::string output;
  view::Direction direction = view::Direction::right;
};

std::string picture(const compile::Plan& plan, const Options& options) {
  if (options.tbb) return compile::print_tbb(plan);
  if (options.format == "text") return compile::print(plan);
  const view::Graph graph = view::graph_of(plan);
  if (options.format == "dot") return view::dot_picture(graph, nullptr, options.direction);
  if (options.format == "mermaid") return view::mermaid_picture(graph, nullptr, options.direction);
  if (options.format == "svg") return view::svg_picture(graph, nullptr, options.direction);
  return view::json_picture(graph, nullptr);
}

int write(const std::string& text, const std::string& output) {
  if (output.empty()) {
    std::cout << text;
    return kDone;
  }
  std::ofstream file(output, std::ios::binary);
  file << text;
  file.close();
  if (file) return kDone;
  std::cerr << "weir: error: can't write '" << output << "'\n";
  return kCannotWork;
}

int show_graph(const Options& options, const Tables& builtin) {
  compile::Registry registry = make_registry(builtin);
  const std::optional<compile::Plan> plan = load(options.file, options.load, registry);
  if (!plan) return kBadInput;
  return write(picture(*plan, options), options.output);
}

}  // namespace

void add_graph(CLI::App& app, Chosen& chosen, const Tables& builtin) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("graph", "Shows the graph of a pipeline");
  command->add_option("FILE", options->file, "The pipeline")->required();
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
  command->add_flag("--tbb", options->tbb, "Shows what each node is on oneTBB's flow graph")
      ->excludes(format);
  add_load_options(*command, options->load);
  command->callback([options, &chosen, &builtin] {
    chosen.command = [options, &builtin] { return show_graph(*options, builtin); };
  });
}

}  // namespace weir::cli
