#pragma once

/// The page as one file that needs nothing else.

#include <nlohmann/json.hpp>
#include <string>

namespace weir::view {

/// The page with its style, its script, and what it is to show: `data` with "mode": "report". It
/// asks for nothing, and a browser is told to see to that. What isn't UTF-8 in `data` is replaced.
std::string report_page(const nlohmann::ordered_json& data);

}  // namespace weir::view
