#pragma once

/// The colours of a picture, light and dark.

#include <string_view>

namespace weir::view {

/// A <style> for an <svg class="weir-graph">, whatever page that is a part of. A node's state is
/// its class: "is-failed".
std::string_view svg_style();

}  // namespace weir::view
