#pragma once

/// How a run stands, as JSON; framework/doc/seeing.md describes it.

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/status.hpp"

namespace weir::view {

nlohmann::ordered_json to_json(const runtime::Status& status);

/// The opposite. What it doesn't know it ignores. Throws nlohmann::json::exception if something is
/// missing, or of another type.
runtime::Status status_of_json(const nlohmann::ordered_json& json);

/// In a word: "running", "stopping" or "ending" (cut off).
std::string state_of(const runtime::Status& status);

}  // namespace weir::view
