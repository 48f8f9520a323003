#include <algorithm>
#include <taskflow/algorithm/pipeline.hpp>
#include <taskflow/taskflow.hpp>
#include <vector>

#include "by_hand.hpp"
#include "nodes.hpp"

namespace weir::bench {

std::int64_t chain_by_taskflow(std::int64_t items, int length) {
  constexpr std::size_t kLines = 64;  // as many tokens as parallel_pipeline gets
  std::vector<std::int64_t> in_hand(kLines);
  std::int64_t total = 0;
  std::vector<tf::Pipe<>> pipes;
  pipes.emplace_back(tf::PipeType::SERIAL, [&](tf::Pipeflow& flow) {
    if (static_cast<std::int64_t>(flow.token()) == items) return flow.stop();
    in_hand[flow.line()] = static_cast<std::int64_t>(flow.token()) + 1;
  });
  for (int i = 0; i < length; ++i) {
    pipes.emplace_back(tf::PipeType::PARALLEL, [&](tf::Pipeflow& flow) {
      in_hand[flow.line()] = scaled(in_hand[flow.line()], 3);
    });
  }
  pipes.emplace_back(tf::PipeType::SERIAL,
                     [&](tf::Pipeflow& flow) { total += in_hand[flow.line()]; });
  tf::ScalablePipeline<std::vector<tf::Pipe<>>::iterator> pipeline(kLines, pipes.begin(),
                                                                   pipes.end());
  tf::Taskflow taskflow;
  taskflow.composed_of(pipeline);
  tf::Executor executor;
  executor.run(taskflow).wait();
  return total;
}

}  // namespace weir::bench
