#pragma once

/// What is wrong with a file, as a user is shown it.

#include <string>

#include "spec/diagnostic.hpp"

namespace weir::view {

/// As `Diagnostics::render`, without the values of the file's `secrets`: an environment variable
/// that is used in the file may be what a message quotes.
std::string diagnostics_text(const spec::Diagnostics& diagnostics, const spec::SourceText& source);

}  // namespace weir::view
