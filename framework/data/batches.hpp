#pragma once

/// What the framework does to whole batches.

#include <functional>

#include <weir/batch.hpp>

namespace weir::data {

/// The same items as text. A batch of text comes back as it is. Throws std::bad_alloc.
abi::BatchPtr to_text(abi::BatchPtr batch);

/// Each item in a batch of its own, in order; a batch of one comes back as it is. Where other
/// holders share the batch, items are copied; throws std::bad_alloc, and what copying throws.
void one_by_one(abi::BatchPtr batch, const std::function<void(abi::BatchPtr)>& give);

/// Items [index, count) in a batch of their own. From a batch that nobody else holds they are
/// moved, and it keeps the first `index`; otherwise they are copied and it stays as it is.
abi::BatchPtr split_off(abi::Batch& batch, std::uint32_t index);

}  // namespace weir::data
