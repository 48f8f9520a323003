#pragma once

/// Items as bytes, to be kept and read again.

#include <optional>
#include <string>
#include <string_view>

#include <weir/batch.hpp>
#include <weir/value.hpp>

namespace weir::data {

/// A record that is bytes. `Record::binary` leaves half a record where there is no memory, which
/// can't be destroyed.
Record byte_string(std::string_view bytes);

/// A batch as bytes (CBOR, RFC 8949): its type's name and its items. nullopt for types that weir
/// doesn't know itself: those of plugins.
std::optional<std::string> to_wire(const abi::Batch& batch);

/// What `to_wire` made; its ticket and origin are `like`'s. nullopt if it isn't such bytes. Throws
/// std::bad_alloc.
std::optional<abi::BatchPtr> from_wire(std::string_view bytes, const abi::Batch* like);

}  // namespace weir::data
