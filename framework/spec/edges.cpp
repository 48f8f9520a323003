#include "spec/edges.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <unordered_map>

#include "spec/cycles.hpp"
#include "spec/names.hpp"

namespace weir::spec {

namespace {

class EdgeChecker {
 public:
  EdgeChecker(std::vector<NodeDeclaration>& nodes, Diagnostics& diagnostics)
      : nodes_(nodes), diagnostics_(diagnostics) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) indexes_.emplace(nodes_[i].name, i);
  }

  void drop_unknown() {
    std::vector<std::string> names;
    for (const NodeDeclaration& node : nodes_) names.push_back(node.name);
    Suggestions suggest;
    for (NodeDeclaration& node : nodes_) {
      drop_if(node.from, [&](const Reference& reference) {
        if (indexes_.count(reference.node) != 0) return false;
        // A node with a dot in its name has been complained about already.
        if (indexes_.count(reference.node + "." + reference.port) != 0) return true;
        diagnostics_.error(reference.place,
                           fmt::format("there is no node {}{}", quote(reference.node),
                                       suggest(reference.node, names)));
        return true;
      });
    }
  }

  void drop_self() {
    for (NodeDeclaration& node : nodes_) {
      drop_if(node.from, [&](const Reference& reference) {
        if (reference.node != node.name) return false;
        diagnostics_.error(
            reference.place,
            fmt::format("{} reads itself; a pipeline can't have cycles", quote(node.name)));
        return true;
      });
    }
  }

  void drop_cycles() {
    Needs needs(nodes_.size());
    std::vector<std::vector<std::size_t>> references(nodes_.size());  // that the needs come from
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      for (std::size_t at = 0; at < nodes_[i].from.size(); ++at) {
        const std::size_t read = indexes_.at(nodes_[i].from[at].node);
        // Who reads a sink is told that, once the types are known; nothing flows there.
        if (nodes_[read].kind == Kind::sink) continue;
        needs[i].push_back(read);
        references[i].push_back(at);
      }
    }
    const Order order = order_by_needs(needs);
    for (const Cycle& cycle : order.cycles) {
      report(cycle);
      nodes_[cycle.closing].from[references[cycle.closing][cycle.need]].node.clear();
    }
    for (NodeDeclaration& node : nodes_) {
      drop_if(node.from, [](const Reference& reference) { return reference.node.empty(); });
    }
  }

 private:
  template <typename Predicate>
  static void drop_if(std::vector<Reference>& references, Predicate predicate) {
    references.erase(std::remove_if(references.begin(), references.end(), predicate),
                     references.end());
  }

  /// In the direction in which items flow, at the `from` that the first of its nodes closes it
  /// with.
  void report(const Cycle& cycle) {
    if (cycle.members.empty()) return;
    std::vector<std::string> names;
    for (const std::size_t member : cycle.members) names.push_back(nodes_[member].name);
    names.push_back(names.front());
    const NodeDeclaration& first = nodes_[cycle.members.front()];
    const auto closing =
        std::find_if(first.from.begin(), first.from.end(),
                     [&names](const Reference& reference) { return reference.node == names[1]; });
    const Place place = closing == first.from.end() ? first.from_place : closing->place;
    std::reverse(names.begin(), names.end());
    diagnostics_.error(place, fmt::format("a pipeline can't have cycles, but this makes one: {}",
                                          cycle_text(names)));
  }

  std::vector<NodeDeclaration>& nodes_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, std::size_t> indexes_;
};

}  // namespace

void check_edges(std::vector<NodeDeclaration>& nodes, Diagnostics& diagnostics) {
  EdgeChecker checker(nodes, diagnostics);
  checker.drop_unknown();
  checker.drop_self();
  checker.drop_cycles();
}

}  // namespace weir::spec
