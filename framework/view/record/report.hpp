#pragma once

/// What the page of a report shows, as JSON; framework/doc/operation.md describes it.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "view/record/recording.hpp"

namespace weir::view {

/// A few megabytes at most, whatever the size of the run.
nlohmann::ordered_json report_json(const Recording& recording);

/// What held the run back: the node, and a sentence. Empty where nothing is known.
struct Bottleneck {
  std::string node;
  std::string text;
};
Bottleneck bottleneck_of(const Recording& recording);

}  // namespace weir::view
