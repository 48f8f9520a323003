#pragma once

/// Between the limits of a file and the nodes that name them.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "spec/diagnostic.hpp"
#include "spec/names.hpp"
#include "spec/pipeline.hpp"

namespace weir::spec {

/// What it is given must outlive it.
class LimitNames {
 public:
  LimitNames(const std::vector<LimitDeclaration>& limits, std::vector<NodeDeclaration>& nodes,
             Diagnostics& diagnostics);

  /// Takes the names of limits that are not declared out of the nodes, and reports them unless
  /// there is an error already about why nobody knows the limits.
  void drop_undeclared(bool are_limits_known);

  /// Reports the limits that no node names. Only for when every node could be read.
  void report_unused() const;

 private:
  void report(const LimitReference& reference);

  const std::vector<LimitDeclaration>& limits_;
  std::vector<NodeDeclaration>& nodes_;
  Diagnostics& diagnostics_;
  std::vector<std::string> candidates_;
  std::set<std::string, std::less<>> declared_;
  std::set<std::string, std::less<>> used_;  ///< or likely to be meant
  bool are_uses_known_ = true;
  Suggestions suggest_;
};

}  // namespace weir::spec
