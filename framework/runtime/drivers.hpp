#pragma once

/// What makes sources give out: an input_node of oneTBB's, or a thread.

#include <memory>
#include <thread>
#include <vector>

#include "runtime/flow_parts.hpp"
#include "runtime/source.hpp"

namespace weir::runtime {

class Drivers {
 public:
  /// `batch`: the size of every batch; 0: it is found. `parts` must outlive it.
  Drivers(FlowParts& parts, std::uint32_t batch) : parts_(parts), batch_(batch) {}
  ~Drivers() { join(); }
  Drivers(const Drivers&) = delete;
  Drivers& operator=(const Drivers&) = delete;

  /// A source. The edges to its readers are connected.
  void add_source(Node& node);
  /// A collector, which gives out the rest, when its input has ended, as a source does.
  void add_giver(Node& node);

  /// Lets the sources begin. One for which no thread can be had stops the run.
  void start();
  /// Waits for the sources with threads of their own: they end when the run does.
  void join();

  std::vector<SourceStatus> status() const;

 private:
  struct Driven {
    std::unique_ptr<Source> source;
    std::unique_ptr<flow::input_node<Message>> input;
  };

  Driven drive(Node& node, std::unique_ptr<Source> source);

  FlowParts& parts_;
  const std::uint32_t batch_;
  std::vector<Driven> sources_;
  std::vector<Driven> givers_;
  std::vector<std::unique_ptr<Source>> blocking_;
  std::vector<std::thread> threads_;
};

}  // namespace weir::runtime
