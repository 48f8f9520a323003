#pragma once

/// How a run stands, in Prometheus's text format 0.0.4; framework/doc/seeing.md lists it.

#include <string>

#include "runtime/status.hpp"

namespace weir::view {

/// What this process uses, children not counted. Of the system; 0 where it can't be read.
struct ProcessUse {
  double cpu_seconds = 0;
  std::int64_t resident_bytes = 0;
};
ProcessUse process_use();

std::string metrics_text(const runtime::Status& status, const ProcessUse& use);

}  // namespace weir::view
