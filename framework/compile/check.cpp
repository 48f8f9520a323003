#include "compile/check.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "compile/checked.hpp"
#include "compile/layout.hpp"
#include "compile/parameters.hpp"
#include "compile/port_types.hpp"
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
        plugins_loaded_(plugins_loaded) {}

  std::optional<Plan> run() {
    for (const NodeDeclaration& declared : pipeline_.nodes) {
      index_.emplace(declared.name, nodes_.size());
      Checked& node = nodes_.emplace_back();
      node.declared = &declared;
      node.type = find_type(declared);
      if (node.type == nullptr) continue;
      node.instance = bind(declared, *node.type, diagnostics_);
      check_limit(declared, *node.type);
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
    check_readers();
    check_capacities();
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

  void check_limit(const NodeDeclaration& declared, const abi::NodeType& type) {
    if (!declared.limit) return;
    if (!type.concurrent && declared.limit->count != 1) {
      diagnostics_.error(
          declared.limit->place,
          fmt::format("'{}' works on one item at a time, as it keeps state between them (its call "
                      "operator is not const); remove the limit, or make it 1",
                      type.name));
    } else if (type.work == abi::Work::blocks && !declared.limit->count) {
      diagnostics_.error(declared.limit->place,
                         fmt::format("'{}' blocks: each item in work takes a thread; say how many, "
                                     "such as 'limit: {}'",
                                     type.name, kBlockingThreads));
    }
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

  /// What a queue passes to a further queue leaves it at once: its capacity would mean nothing.
  void check_capacities() {
    for (const Checked& node : nodes_) {
      if (node.declared->kind != spec::Kind::queue) continue;
      for (const auto& [from, port] : node.reads) {
        const NodeDeclaration& read = *nodes_[from].declared;
        if (read.kind != spec::Kind::queue || !read.capacity) continue;
        diagnostics_.error(read.capacity_place,
                           fmt::format("'{0}' is read by the queue '{1}', where its items lie; put "
                                       "'capacity' on '{1}'",
                                       read.name, node.declared->name));
      }
    }
  }

  /// Warns of what nobody reads; refuses two readers of what can't be copied.
  void check_readers() {
    for (const Checked& node : nodes_) {
      for (const auto& [from, port] : node.reads) ++read_[{from, port}];
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const Checked& node = nodes_[i];
      if (node.type == nullptr || node.ports.empty()) continue;
      std::vector<std::string> unread;
      bool any = false;  // but for the failures
      for (std::uint32_t port = 0; port < node.ports.size(); ++port) {
        const int readers = read_[{i, port}];
        if (node.ports[port].name != "failed") {
          any = any || readers > 0;
          if (readers == 0) unread.push_back(node.ports[port].name);
        }
        const abi::TypeInfo* type = node.ports[port].type;
        if (readers > 1 && type != nullptr && type->copy == nullptr) {
          diagnostics_.error(
              node.declared->place,
              fmt::format("port '{}' of '{}' has {} readers, but items of type '{}' "
                          "can't be copied",
                          node.ports[port].name, node.declared->name, readers, type->name));
        }
      }
      warn_unread(node, unread, any);
    }
  }

  void warn_unread(const Checked& node, const std::vector<std::string>& unread, bool any) {
    const bool may_be_last =
        node.type->kind == abi::Kind::function && node.type->work != abi::Work::computes;
    if (unread.empty() || (may_be_last && !any)) return;
    if (diagnostics_.has_errors()) return;  // its reader may be what is wrong
    const std::string& name = node.declared->name;
    if (!any) {
      diagnostics_.warning(node.declared->place,
                           fmt::format("nobody reads '{}': what it gives out is dropped (read it "
                                       "with 'sink: discard' if that is meant)",
                                       name));
      return;
    }
    for (const std::string& port : unread) {
      diagnostics_.warning(node.declared->place,
                           fmt::format("nobody reads port '{0}' of '{1}': what it gives out is "
                                       "dropped (read '{1}.{0}' with 'sink: discard' if that is "
                                       "meant)",
                                       port, name));
    }
  }

  Plan plan(const std::vector<std::size_t>& order) const {
    Plan plan;
    plan.file = pipeline_.file;
    plan.name = pipeline_.name;
    std::vector<std::uint32_t> place(nodes_.size());
    for (const std::size_t index : order) {
      place[index] = static_cast<std::uint32_t>(plan.nodes.size());
      const Checked& node = nodes_[index];
      PlannedNode& planned = plan.nodes.emplace_back();
      planned.name = node.declared->name;
      planned.type = node.type;
      planned.work = node.type->work;
      if (node.type->kind == abi::Kind::source && node.instance->blocking()) {
        planned.work = abi::Work::blocks;
      }
      planned.parameters = node.declared->parameters;
      planned.ports = node.ports;
      planned.limit = limit_of(node);
      for (const auto& [from, port] : node.reads) {
        const auto edge = static_cast<std::uint32_t>(plan.edges.size());
        plan.edges.push_back(
            make_edge(place[from], port, place[index], *node.type, nodes_[from].ports[port].type));
        planned.inputs.push_back(edge);
        plan.nodes[place[from]].ports[port].readers.push_back(edge);
      }
    }
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const NodeDeclaration& declared = *nodes_[i].declared;
      PlannedNode& planned = plan.nodes[place[i]];
      planned.explicit_limit = declared.limit.has_value();
      // What works on one item at a time keeps the order anyway.
      planned.ordered = declared.ordered && planned.limit != 1;
      planned.capacity = declared.capacity;
      planned.max_items = declared.max_in_flight.items.value_or(kMaxItems);
      planned.max_bytes =
          static_cast<std::int64_t>(declared.max_in_flight.bytes.value_or(kMaxBytes));
    }
    lay_out(plan);
    return plan;
  }

  static std::optional<std::int64_t> limit_of(const Checked& node) {
    if (node.declared->limit) return node.declared->limit->count;
    if (!node.type->concurrent) return 1;
    if (node.type->work == abi::Work::blocks) return kBlockingThreads;
    return std::nullopt;
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
  std::map<std::pair<std::size_t, std::uint32_t>, int> read_;
};

}  // namespace

std::optional<Plan> make_plan(const spec::Pipeline& pipeline, const Registry& registry,
                              spec::Diagnostics& diagnostics, bool plugins_loaded) {
  return Checker(pipeline, registry, diagnostics, plugins_loaded).run();
}

}  // namespace weir::compile
