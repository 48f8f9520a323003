#pragma once

#include <string>
#include <string_view>

namespace weir::view {

/// Writes all of `text` to a descriptor, also if it is non-blocking. The result is an error, or
/// empty.
std::string write_all(int descriptor, std::string_view text) noexcept;

}  // namespace weir::view
