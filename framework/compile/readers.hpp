#pragma once

/// Who reads what nodes give out.

#include <vector>

#include "compile/checked.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// Warns of what nobody reads; refuses two readers of what can't be copied.
void check_readers(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics);

/// What a queue passes to a further queue leaves it at once: its capacity would mean nothing.
void check_capacities(const std::vector<Checked>& nodes, spec::Diagnostics& diagnostics);

}  // namespace weir::compile
