#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::journal {

/// At most `most` bytes of it, not cut within a UTF-8 sequence; what was cut ends in "…".
std::string shortened(std::string_view text, std::size_t most);

}  // namespace weir::journal
