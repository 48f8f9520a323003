#include "compile/readers.hpp"

#include <fmt/format.h>
#include <map>
#include <string>

namespace weir::compile {
namespace {

using spec::NodeDeclaration;

void warn_unread(const Checked& node, const std::vector<std::string>& unread, bool any,
                 spec::Diagnostics& diagnostics) {
  const bool may_be_last =
      node.type->kind == abi::Kind::function && node.type->work != abi::Work::computes;
  if (unread.empty() || (may_be_last && !any)) return;
  if (diagnostics.has_errors()) return;  // its reader may be what is wrong
  const std::string& name = node.declared->name;
  if (!any) {
    diagnostics.warning(node.declared->place,
                        fmt::format("nobody reads '{}': what it gives out is dropped (read it "
                                    "with 'sink: discard' if that is meant)",
                                    name));
    return;
  }
  for (const std::string& port : unread) {
    diagnostics.warning(node.declared->place,
                        fmt::format("nobody reads port '{0}' of '{1}': what it gives out is "
                                    "dropped (read '{1}.{0}' with 'sink: discard' if that is "
                                    "meant)",
                                    port, name));
  }
}

}  // namespace

void check_readers(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics) {
  std::map<std::pair<std::size_t, std::uint32_t>, int> read;
  for (const Checked& node : nodes) {
    for (const auto& [from, port] : node.reads) ++read[{from, port}];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Checked& node = nodes[i];
    if (node.type == nullptr || node.ports.empty()) continue;
    std::vector<std::string> unread;
    bool any = false;  // but for the failures
    for (std::uint32_t port = 0; port < node.ports.size(); ++port) {
      const int readers = read[{i, port}];
      if (node.ports[port].name != "failed") {
        any = any || readers > 0;
        if (readers == 0) unread.push_back(node.ports[port].name);
      }
      const abi::TypeInfo* type = node.ports[port].type;
      if (readers > 1 && type != nullptr && type->copy == nullptr) {
        diagnostics.error(
            node.declared->place,
            fmt::format("port '{}' of '{}' has {} readers, but items of type '{}' "
                        "can't be copied",
                        node.ports[port].name, node.declared->name, readers, type->name));
      }
    }
    warn_unread(node, unread, any, diagnostics);
  }
}

void check_capacities(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics) {
  for (const Checked& node : nodes) {
    if (node.declared->kind != spec::Kind::queue) continue;
    for (const auto& [from, port] : node.reads) {
      const NodeDeclaration& read = *nodes[from].declared;
      if (read.kind != spec::Kind::queue || !read.capacity) continue;
      diagnostics.error(read.capacity_place,
                        fmt::format("'{0}' is read by the queue '{1}', where its items lie; put "
                                    "'capacity' on '{1}'",
                                    read.name, node.declared->name));
    }
  }
}

}  // namespace weir::compile
