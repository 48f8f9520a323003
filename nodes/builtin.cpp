#include "nodes/builtin.hpp"

namespace weir::nodes {

// Each family defines its own with WEIR_NODES.
abi::Table aggregate_nodes();
abi::Table process_nodes();
abi::Table queue_nodes();
abi::Table sink_nodes();
abi::Table source_nodes();
abi::Table stream_nodes();
abi::Table text_nodes();
abi::Table time_nodes();

std::vector<abi::Table> builtin() {
  std::vector<abi::Table> tables;
  tables.push_back(source_nodes());
  tables.push_back(process_nodes());
  tables.push_back(time_nodes());
  tables.push_back(text_nodes());
  tables.push_back(stream_nodes());
  tables.push_back(aggregate_nodes());
  tables.push_back(queue_nodes());
  tables.push_back(sink_nodes());
  return tables;
}

}  // namespace weir::nodes
