#pragma once

/// The parameters that a file gives to its nodes.

#include <memory>
#include <string_view>
#include <vector>

#include "compile/checked.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// `weight` or `memory` of a function, if that is a key of all functions here and no parameter of
/// its type; else null.
const Value::Field* common_key(const spec::NodeDeclaration& declared, const abi::NodeType& type,
                               std::string_view name);

/// What a file gives to the parameters of a node's type.
std::vector<Value::Field> parameters_of(const spec::NodeDeclaration& declared,
                                        const abi::NodeType& type);

/// A node with these parameters, or nullptr if they are wrong; what is wrong is added to
/// `diagnostics`.
std::unique_ptr<abi::Instance> instantiate(const spec::NodeDeclaration& declared,
                                           const std::vector<Value::Field>& parameters,
                                           const abi::NodeType& type,
                                           spec::Diagnostics& diagnostics);

/// Warns of parameters of the file that nothing in it uses.
void warn_of_unused_parameters(const spec::Pipeline& pipeline, spec::Diagnostics& diagnostics);

}  // namespace weir::compile
