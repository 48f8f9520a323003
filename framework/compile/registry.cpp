#include "compile/registry.hpp"

#include <array>
#include <cctype>
#include <fmt/format.h>
#include <set>

#include <weir/record.hpp>

namespace weir::compile {
namespace {

constexpr std::array<std::string_view, 8> kCommonKeys = {"source", "function", "queue", "sink",
                                                         "from",   "limit",    "run",   "shell"};
constexpr std::array<std::string_view, 6> kReservedKeys = {"retry",      "timeout",  "ordered",
                                                           "on_failure", "throttle", "on_cancel"};

bool is_name(std::string_view name) {
  if (name.empty() || (std::isalpha(static_cast<unsigned char>(name[0])) == 0 && name[0] != '_')) {
    return false;
  }
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-') return false;
  }
  return true;
}

bool is_common_key(std::string_view name) {
  for (const std::string_view key : kCommonKeys) {
    if (key == name) return true;
  }
  for (const std::string_view key : kReservedKeys) {
    if (key == name) return true;
  }
  return false;
}

/// What is wrong with the names in a type, or nothing.
std::optional<std::string> check_names(const abi::NodeType& type) {
  if (!is_name(type.name)) {
    return fmt::format("the node type name '{}' is not a name of letters, digits, '_' and '-'",
                       type.name);
  }
  std::set<std::string> seen;
  for (const abi::ParamSpec& param : type.params) {
    if (!is_name(param.name) || is_common_key(param.name)) {
      return fmt::format("node type '{}' can't have a parameter named '{}'", type.name, param.name);
    }
    if (type.kind == abi::Kind::source && param.name == "max_in_flight") {
      return fmt::format("the source '{}' can't have a parameter named '{}': every source has it",
                         type.name, param.name);
    }
    if (type.kind == abi::Kind::function && type.work != abi::Work::computes &&
        (param.name == "weight" || param.name == "memory")) {
      return fmt::format(
          "the function '{}' can't have a parameter named '{}': every function that waits or "
          "blocks has it",
          type.name, param.name);
    }
    if (!seen.insert(param.name).second) {
      return fmt::format("node type '{}' describes the parameter '{}' twice", type.name,
                         param.name);
    }
  }
  seen.clear();
  for (const abi::PortSpec& port : type.outputs) {
    if (!is_name(port.name) || port.name == "failed") {
      return fmt::format("node type '{}' can't have a port named '{}'", type.name, port.name);
    }
    if (!seen.insert(port.name).second) {
      return fmt::format("node type '{}' describes the port '{}' twice", type.name, port.name);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Registry::add(abi::Table table, const std::string& origin) {
  if (item_types_.empty()) {
    for (const abi::TypeInfo* type :
         {&abi::type_info<bool>, &abi::type_info<std::int64_t>, &abi::type_info<double>,
          &abi::type_info<std::string_view>, &abi::type_info<Record>}) {
      item_types_.emplace(type->name, type);
    }
  }
  std::set<std::pair<abi::Kind, std::string_view>> seen;
  for (const abi::NodeType& type : table.types) {
    if (auto error = check_names(type)) return error;
    const bool taken = find(type.kind, type.name) != nullptr;
    if (!seen.emplace(type.kind, type.name).second) {
      return fmt::format("the {} '{}' is in it twice", to_string(type.kind), type.name);
    }
    if (!taken) continue;
    for (const auto& entry : entries_) {
      if (entry->type.kind == type.kind && entry->type.name == type.name) {
        return fmt::format("its {} '{}' clashes with the one that is {}{}; rename it",
                           to_string(type.kind), type.name,
                           entry->origin == "built in" ? "" : "in ", entry->origin);
      }
    }
  }
  const auto note_type = [&](const abi::TypeInfo* type) -> std::optional<std::string> {
    if (type == nullptr) return std::nullopt;
    const auto [known, added] = item_types_.emplace(type->name, type);
    if (!added && (known->second->size != type->size || known->second->align != type->align ||
                   known->second->views != type->views)) {
      return fmt::format(
          "its item type '{}' has another layout than the one of that name that is "
          "known already",
          type->name);
    }
    return std::nullopt;
  };
  for (const abi::NodeType& type : table.types) {
    if (auto error = note_type(type.input)) return error;
    for (const abi::PortSpec& port : type.outputs) {
      if (auto error = note_type(port.type)) return error;
    }
  }
  for (abi::NodeType& type : table.types) {
    entries_.push_back(std::make_unique<Entry>(Entry{std::move(type), origin}));
    const abi::NodeType& kept = entries_.back()->type;
    by_name_.emplace(std::pair(kept.kind, kept.name), &kept);
  }
  return std::nullopt;
}

const abi::NodeType* Registry::find(abi::Kind kind, std::string_view name) const {
  const auto found = by_name_.find(std::pair(kind, std::string(name)));
  return found == by_name_.end() ? nullptr : found->second;
}

std::vector<abi::Kind> Registry::kinds_of(std::string_view name) const {
  std::vector<abi::Kind> kinds;
  for (const abi::Kind kind :
       {abi::Kind::source, abi::Kind::function, abi::Kind::queue, abi::Kind::sink}) {
    if (find(kind, name) != nullptr) kinds.push_back(kind);
  }
  return kinds;
}

std::vector<std::string> Registry::names(abi::Kind kind) const {
  std::vector<std::string> names;
  for (const auto& [key, type] : by_name_) {
    if (key.first == kind) names.push_back(key.second);
  }
  return names;
}

const abi::TypeInfo* Registry::item_type(std::string_view name) const {
  const auto found = item_types_.find(name);
  return found == item_types_.end() ? nullptr : found->second;
}

std::string_view to_string(abi::Work work) {
  switch (work) {
    case abi::Work::computes:
      return "computes";
    case abi::Work::waits:
      return "waits";
    case abi::Work::blocks:
      return "blocks";
  }
  return "";
}

std::string_view to_string(abi::Kind kind) {
  switch (kind) {
    case abi::Kind::source:
      return "source";
    case abi::Kind::function:
      return "function";
    case abi::Kind::queue:
      return "queue";
    case abi::Kind::sink:
      return "sink";
  }
  return "?";
}

}  // namespace weir::compile
