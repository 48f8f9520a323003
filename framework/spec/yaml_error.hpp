#pragma once

/// What yaml-cpp's errors mean to somebody who wrote the file.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"

namespace weir::spec {

struct YamlError {
  std::string message;                  ///< yaml-cpp's own
  std::optional<std::size_t> at;        ///< where it noticed, as an offset
  std::uint32_t open_bracket_line = 0;  ///< where the last bracket was opened, if one is open
};

void report(const YamlError& error, const Lines& lines, Diagnostics& diagnostics);

}  // namespace weir::spec
