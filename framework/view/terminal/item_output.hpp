#pragma once

/// What the commands of items write, on the console.

#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/observer.hpp"
#include "view/terminal/console.hpp"

namespace weir::view {

enum class OutputMode : std::uint8_t {
  group,  ///< whole, when the attempt is over, below a line that names the item
  line,   ///< line by line as it comes, with the item's name before each
  none,
};

/// Where one attempt's output is to go. `console` must outlive it. Null: nowhere.
std::unique_ptr<runtime::OutputTap> output_tap(OutputMode mode, Console& console,
                                               bool keeps_colours, std::string_view node,
                                               std::string_view item, std::int64_t attempt);

}  // namespace weir::view
