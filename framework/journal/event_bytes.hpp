#pragma once

/// Events as bytes, as the redo log has them. Read by the weir that wrote them, on the same
/// machine: numbers lie as they do in memory.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "journal/event.hpp"

namespace weir::journal {

void append_bytes(std::string& to, const Started& event);
void append_bytes(std::string& to, const Ended& event);

/// nullopt: they are no event's.
std::optional<std::variant<Started, Ended>> event_of(std::string_view bytes);

}  // namespace weir::journal
