#pragma once

/// The environment that children get.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::io {

/// A process's environment, as NAME=VALUE.
class Environment {
 public:
  /// A copy of this process's, taken now: reading it later would race with setenv.
  static Environment of_this_process();

  /// The same with `changes` on top; later ones win.
  Environment with(const std::vector<std::pair<std::string, std::string>>& changes) const;

  const std::vector<std::string>& entries() const { return entries_; }
  /// The value, or nullptr.
  const char* find(std::string_view name) const;

 private:
  std::vector<std::string> entries_;
};

}  // namespace weir::io
