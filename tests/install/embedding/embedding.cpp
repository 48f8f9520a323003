// A program that runs a pipeline itself, with a node type of its own.

#include <cstdio>

#include <weir/node.hpp>
#include <weir/pipeline.hpp>

namespace {

long long sum = 0;

struct Sum {
  static void describe(weir::Describe<Sum>& d) { d.node("sum", "Adds up."); }
  void operator()(std::int64_t x) { sum += x; }
};

WEIR_NODES(own_nodes, "embedding", Sum)

}  // namespace

int main() {
  weir::PipelineOptions options;
  options.nodes.push_back(own_nodes());
  options.settings.emplace_back("to", "10");
  const weir::Pipeline pipeline = weir::Pipeline::parse(
      "weir: 1\n"
      "params: {to: 3}\n"
      "nodes:\n"
      "  numbers: {source: range, to: \"${to}\"}\n"
      "  sum: {from: numbers, sink: sum}\n",
      "embedding.yaml", std::move(options));
  const weir::RunSummary summary = pipeline.run();
  std::printf("sum %lld, exit code %d\n", sum, summary.exit_code);
}
