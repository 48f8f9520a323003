#pragma once

/// The node types that a pipeline can name: the built-in ones and those of plugins.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/abi.hpp>

namespace weir::compile {

/// Owns its types; they stay at their addresses. A source, a function and a sink may share a name.
class Registry {
 public:
  struct Entry {
    abi::NodeType type;
    std::string origin;  ///< "built in", or the plugin's path
  };

  /// Adds a table's types, all or none. The result says what is wrong: a name that is taken, or one
  /// that no pipeline file could use.
  std::optional<std::string> add(abi::Table table, const std::string& origin);

  const abi::NodeType* find(abi::Kind kind, std::string_view name) const;
  /// The kinds that have a type of this name.
  std::vector<abi::Kind> kinds_of(std::string_view name) const;
  std::vector<std::string> names(abi::Kind kind) const;
  /// In the order in which they were added.
  const std::vector<std::unique_ptr<Entry>>& entries() const { return entries_; }

  /// A type of items by its name, as some port declares it, or nullptr.
  const abi::TypeInfo* item_type(std::string_view name) const;

 private:
  std::vector<std::unique_ptr<Entry>> entries_;
  std::map<std::pair<abi::Kind, std::string>, const abi::NodeType*, std::less<>> by_name_;
  std::map<std::string, const abi::TypeInfo*, std::less<>> item_types_;
};

std::string_view to_string(abi::Kind kind);
/// "computes", "waits", "blocks"
std::string_view to_string(abi::Work work);

}  // namespace weir::compile
