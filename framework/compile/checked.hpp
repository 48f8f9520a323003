#pragma once

/// What is known of a declared node while its file is checked.

#include <memory>
#include <utility>
#include <vector>

#include "compile/plan.hpp"
#include "spec/pipeline.hpp"

namespace weir::compile {

struct Checked {
  const spec::NodeDeclaration* declared = nullptr;
  const abi::NodeType* type = nullptr;      ///< null: unknown, which has been said
  std::unique_ptr<abi::Instance> instance;  ///< with its parameters set; null if they are wrong
  std::vector<PlannedPort> ports;
  std::vector<std::pair<std::size_t, std::uint32_t>> reads;  ///< (node, port) of each reference
  bool types_known = true;                            ///< its ports' types could be worked out
  std::vector<Value::Field> parameters;               ///< that are its type's own
  std::vector<const Value*> templates;                ///< well-formed ones beside its parameters
  std::vector<const spec::LimitDeclaration*> limits;  ///< in the order of its `limit`
  std::vector<const spec::LimitDeclaration*> keyed;   ///< those of them with a well-formed `per`
  PlannedNode planned;                                ///< what of it is known so far
};

}  // namespace weir::compile
