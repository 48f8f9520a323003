#pragma once

/// Limits, and what items take of them.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "compile/checked.hpp"
#include "spec/diagnostic.hpp"
#include "spec/pipeline.hpp"

namespace weir::compile {

class LimitChecker {
 public:
  /// Checks `limits:` by itself. What it is given must outlive it.
  LimitChecker(const spec::Pipeline& pipeline, spec::Diagnostics& diagnostics);

  /// Checks `limit`, `weight` and `memory` of a node of a known type, and fills in what the plan
  /// says of them.
  void check(Checked& node);

  const std::vector<PlannedLimit>& planned() const { return planned_; }

 private:
  void check_count(const Checked& node);
  void check_names(Checked& node);
  void check_weight(Checked& node, const Value::Field& weight);
  void check_memory(Checked& node, const Value::Field& memory);
  void require_memory(const Checked& node);
  bool may_take(const Checked& node, const Value::Field& key, bool has_such_a_limit);
  bool has_faulty_limit(const Checked& node) const;

  const spec::Pipeline& pipeline_;
  spec::Diagnostics& diagnostics_;
  std::vector<PlannedLimit> planned_;
  std::map<std::string, std::uint32_t, std::less<>> index_;
};

}  // namespace weir::compile
