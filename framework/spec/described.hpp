#pragma once

/// Values, as messages about them say what they are.

#include <string>
#include <string_view>
#include <vector>

#include <weir/value.hpp>

namespace weir::spec {

/// What a value is: 3, "the text 'x'", "a list".
std::string described(const Value& value);

/// What to do about the quotes around a number, where it is to be one; or "".
std::string_view advice_on_quotes(const Value& value);

/// "'a', 'b' and 'c'"
std::string enumerated(const std::vector<std::string>& names);

}  // namespace weir::spec
