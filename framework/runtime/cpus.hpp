#pragma once

namespace weir::runtime {

/// How many threads may run at once here: the smaller of the CPUs that this process may use and the
/// CPU quota of its control group (v1 or v2, any level), rounded up; at least 1.
int available_cpus();

}  // namespace weir::runtime
