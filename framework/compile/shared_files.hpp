#pragma once

/// Files, and standard input, that several nodes of a pipeline would get in each other's way with.

#include <vector>

#include "compile/checked.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// Two nodes can't write the same file.
void check_output_files(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics);

/// Two of the built-in `lines` can't read standard input.
void check_standard_input(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics);

}  // namespace weir::compile
