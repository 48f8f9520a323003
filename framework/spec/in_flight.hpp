#pragma once

/// `max_in_flight:` of a source, and `capacity:` of a queue.

#include <cstdint>
#include <optional>

#include <weir/value.hpp>

#include "spec/context.hpp"
#include "spec/pipeline.hpp"

namespace weir::spec {

// What is wrong is reported, and not set.

InFlight read_max_in_flight(const Value& value, const ReadContext& context);
std::optional<std::int64_t> read_capacity(const Value& value, const ReadContext& context);

}  // namespace weir::spec
