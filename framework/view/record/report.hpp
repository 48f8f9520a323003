#pragma once

/// What the page of a report shows, as JSON; framework/doc/seeing.md describes it.

#include <nlohmann/json.hpp>

#include "view/record/recording.hpp"

namespace weir::view {

/// A few megabytes at most, whatever the size of the run.
nlohmann::ordered_json report_json(const Recording& recording);

}  // namespace weir::view
