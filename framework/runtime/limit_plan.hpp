#pragma once

/// Which functions share which limits, and so wait in one admission.

#include <cstddef>
#include <vector>

#include "compile/plan.hpp"
#include "runtime/admission.hpp"
#include "runtime/station.hpp"

namespace weir::runtime {

/// Limits that a function needs together are in one group, and so are those of all functions that
/// share one of them; a function without any has a group of its own, which lets everything in.
class LimitPlan {
 public:
  struct OfNode {
    std::size_t group = 0;
    Station::Limits limits;  ///< indices into the group's settings
  };

  /// The plan must outlive it.
  explicit LimitPlan(const compile::Plan& plan);

  const std::vector<std::vector<Admission::Settings>>& groups() const { return groups_; }
  /// Of a function that waits or blocks, by its index in the plan.
  const OfNode& of(std::size_t node) const { return of_node_[node]; }

 private:
  std::vector<std::vector<Admission::Settings>> groups_;
  std::vector<OfNode> of_node_;
};

}  // namespace weir::runtime
