#include "compile/check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "compile/checked.hpp"
#include "compile/failures.hpp"
#include "compile/layout.hpp"
#include "compile/limits.hpp"
#include "compile/parameters.hpp"
#include "compile/port_types.hpp"
#include "compile/readers.hpp"
#include "compile/shared_files.hpp"

namespace weir::compile {
namespace {

using spec::NodeDeclaration;
using spec::Reference;

abi::Kind to_abi(spec::Kind kind) {
  switch (kind) {
    case spec::Kind::source:
      return abi::Kind::source;
    case spec::Kind::function:
      return abi::Kind::function;
    case spec::Kind::queue:
      return abi::Kind::queue;
    case spec::Kind::sink:
      break;
  }
  return abi::Kind::sink;
}

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

class Checker {
 public:
  Checker(const spec::Pipeline& pipeline, const Registry& registry, spec::Diagnostics& diagnostics,
          bool plugins_loaded)
      : pipeline_(pipeline),
        registry_(registry),
        diagnostics_(diagnostics),
        plugins_loaded_(plugins_loaded),
        limits_(pipeline, diagnostics) {}

  std::optional<Plan> run() {
    for (const NodeDeclaration& declared : pipeline_.nodes) {
      index_.emplace(declared.name, nodes_.size());
      Checked& node = nodes_.emplace_back();
      node.declared = &declared;
      node.type = find_type(declared);
      if (node.type == nullptr) continue;
      node.parameters = parameters_of(declared, *node.type);
      node.instance = instantiate(declared, node.parameters, *node.type, diagnostics_);
      limits_.check(node);
      check_failure_keys(node, diagnostics_);
      for (const abi::PortSpec& port : node.type->outputs) {
        node.ports.push_back({port.name, port.type, {}});
      }
      if (node.type->kind == abi::Kind::function) {
        node.ports.push_back({"failed", registry_.item_type("record"), {}});
      }
    }
    for (Checked& node : nodes_) resolve(node);
    const std::vector<std::size_t> order = in_order();
    for (const std::size_t index : order) {
      check_port_types(nodes_, nodes_[index], registry_, diagnostics_);
    }
    check_output_files(nodes_, diagnostics_);
    check_standard_input(nodes_, diagnostics_);
    check_readers(nodes_, diagnostics_);
    check_capacities(nodes_, diagnostics_);
    warn_of_unused_parameters(pipeline_, diagnostics_);
    if (diagnostics_.has_errors() || order.size() != nodes_.size()) return std::nullopt;
    return plan(order);
  }

 private:
  const abi::NodeType* find_type(const NodeDeclaration& declared) {
    const abi::Kind kind = to_abi(declared.kind);
    if (declared.type.empty()) return nullptr;  // said by the reader of the file
    if (const abi::NodeType* type = registry_.find(kind, declared.type)) return type;
    if (!plugins_loaded_) return nullptr;
    const std::vector<abi::Kind> kinds = registry_.kinds_of(declared.type);
    if (!kinds.empty()) {
      // Of several, one that fits: what reads something is no source.
      const bool reads = declared.from_place.line != 0;
      diagnostics_.error(
          declared.type_place,
          fmt::format("'{0}' is not a {1} but a {2}; write '{2}: {0}'", declared.type,
                      to_string(kind), to_string(reads ? kinds.back() : kinds.front())));
    } else {
      std::vector<std::string> known = registry_.names(kind);
      std::string hint = spec::did_you_mean(declared.type, known);
      if (hint.empty()) hint = "; 'weir nodes' lists them";
      diagnostics_.error(declared.type_place, fmt::format("unknown {} type '{}'{}", to_string(kind),
                                                          declared.type, hint));
    }
    return nullptr;
  }

  /// Finds the ports that a node reads.
  void resolve(Checked& node) {
    for (const Reference& reference : node.declared->from) {
      const auto found = index_.find(reference.node);
      if (found == index_.end()) continue;  // said by the reader of the file
      const Checked& read = nodes_[found->second];
      if (read.type == nullptr) {
        node.types_known = false;
        continue;
      }
      std::vector<std::string> names;
      for (std::uint32_t port = 0; port < read.ports.size(); ++port) {
        if (read.ports[port].name == reference.port) {
          node.reads.emplace_back(found->second, port);
          break;
        }
        names.push_back(read.ports[port].name);
      }
      if (names.size() == read.ports.size()) unknown_port(reference, read, names);
    }
  }

  void unknown_port(const Reference& reference, const Checked& read,
                    const std::vector<std::string>& names) {
    if (names.empty()) {
      diagnostics_.error(
          reference.place,
          fmt::format("'{}' can't be read: it is a sink, which gives nothing out", reference.node));
      return;
    }
    std::string hint = spec::did_you_mean(reference.port, names);
    if (hint.empty()) {
      hint = fmt::format("; it has {}", listed(names));
    }
    diagnostics_.error(reference.port_place, fmt::format("'{}' ({} '{}') has no port '{}'{}",
                                                         reference.node, to_string(read.type->kind),
                                                         read.type->name, reference.port, hint));
  }

  /// Every node behind those that it reads, else in the order of the file. Nodes in a cycle, and
  /// those behind them, are left out.
  std::vector<std::size_t> in_order() const {
    std::vector<std::size_t> waits_for(nodes_.size(), 0);
    std::vector<std::vector<std::size_t>> readers(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (const auto& [from, port] : nodes_[i].reads) {
        readers[from].push_back(i);
        ++waits_for[i];
      }
    }
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (waits_for[i] == 0) order.push_back(i);
    }
    for (std::size_t at = 0; at < order.size(); ++at) {
      for (const std::size_t reader : readers[order[at]]) {
        if (--waits_for[reader] == 0) order.push_back(reader);
      }
    }
    return order;
  }

  Plan plan(const std::vector<std::size_t>& order) {
    Plan plan;
    plan.file = pipeline_.file;
    plan.name = pipeline_.name;
    plan.limits = limits_.planned();
    plan.secrets = secret_values();
    std::vector<std::uint32_t> place(nodes_.size());
    for (const std::size_t index : order) {
      place[index] = static_cast<std::uint32_t>(plan.nodes.size());
      const Checked& node = nodes_[index];
      PlannedNode& planned = plan.nodes.emplace_back(planned_node(nodes_[index]));
      for (const auto& [from, port] : node.reads) {
        const auto edge = static_cast<std::uint32_t>(plan.edges.size());
        plan.edges.push_back(
            make_edge(place[from], port, place[index], *node.type, nodes_[from].ports[port].type));
        planned.inputs.push_back(edge);
        plan.nodes[place[from]].ports[port].readers.push_back(edge);
      }
    }
    lay_out(plan);
    return plan;
  }

  /// What needs no other node to be known; `node` keeps its ports' types.
  static PlannedNode planned_node(Checked& node) {
    const NodeDeclaration& declared = *node.declared;
    PlannedNode planned = std::move(node.planned);
    planned.name = declared.name;
    planned.type = node.type;
    planned.work = node.type->work;
    if (node.type->kind == abi::Kind::source && node.instance->blocking()) {
      planned.work = abi::Work::blocks;
    }
    planned.parameters = std::move(node.parameters);
    planned.ports = node.ports;
    // What computes, one item at a time, keeps the order anyway. Of what waits, items can pass
    // others: those that are done from an earlier run, or while another one waits for its next
    // attempt.
    const bool keeps_order = planned.limit == 1 && planned.work == abi::Work::computes;
    planned.ordered = declared.ordered && !keeps_order;
    planned.capacity = declared.capacity;
    planned.max_items = declared.max_in_flight.items.value_or(kMaxItems);
    planned.max_bytes = static_cast<std::int64_t>(declared.max_in_flight.bytes.value_or(kMaxBytes));
    return planned;
  }

  /// Longest first, each once: one may be a part of another.
  std::vector<std::string> secret_values() const {
    std::vector<std::string> values;
    for (const spec::Secret& secret : pipeline_.secrets) {
      if (!secret.value.empty()) values.push_back(secret.value);
    }
    std::sort(values.begin(), values.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

  static PlannedEdge make_edge(std::uint32_t from, std::uint32_t port, std::uint32_t to,
                               const abi::NodeType& reader, const abi::TypeInfo* given) {
    PlannedEdge edge{from, port, to};
    if (reader.input != nullptr && (given == nullptr || !abi::same_type(reader.input, given))) {
      edge.conversion = Conversion::to_text;
    }
    edge.one_by_one = reader.work != abi::Work::computes;
    return edge;
  }

  const spec::Pipeline& pipeline_;
  const Registry& registry_;
  spec::Diagnostics& diagnostics_;
  const bool plugins_loaded_;
  std::vector<Checked> nodes_;
  std::map<std::string, std::size_t, std::less<>> index_;
  LimitChecker limits_;
};

}  // namespace

std::optional<Plan> make_plan(const spec::Pipeline& pipeline, const Registry& registry,
                              spec::Diagnostics& diagnostics, bool plugins_loaded) {
  return Checker(pipeline, registry, diagnostics, plugins_loaded).run();
}

}  // namespace weir::compile
