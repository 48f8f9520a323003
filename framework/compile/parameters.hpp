#pragma once

/// The parameters that a file gives to its nodes.

#include <memory>
#include <vector>

#include "compile/checked.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// A node with the declared parameters, or nullptr if they are wrong; what is wrong is added to
/// `diagnostics`.
std::unique_ptr<abi::Instance> bind(const spec::NodeDeclaration& declared,
                                    const abi::NodeType& type, spec::Diagnostics& diagnostics);

/// Warns of parameters of the file that nothing in it uses.
void warn_of_unused_parameters(const spec::Pipeline& pipeline, spec::Diagnostics& diagnostics);

}  // namespace weir::compile
