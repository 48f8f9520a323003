#pragma once

/// What the framework does to whole batches.

#include <functional>

#include <weir/batch.hpp>

namespace weir::data {

/// The same items as text. A batch of text comes back as it is. Throws std::bad_alloc.
abi::BatchPtr to_text(abi::BatchPtr batch);

/// The items in batches of `most`, in order; a batch that is small enough comes back as it is.
/// Where other holders share the batch, items are copied; throws std::bad_alloc, and what copying
/// throws, and then has given nothing.
void in_pieces(abi::BatchPtr batch, std::uint32_t most,
               const std::function<void(abi::BatchPtr)>& give);

/// Items [index, count) in a batch of their own. From a batch that nobody else holds they are
/// moved, and it keeps the first `index`; otherwise they are copied and it stays as it is. Throws
/// as above.
abi::BatchPtr split_off(abi::Batch& batch, std::uint32_t index);

/// Parts a batch into its first `index` items, which are left in `batch`, and the rest. Throws as
/// above, and then `batch` is as it was.
abi::BatchPtr part(abi::BatchPtr& batch, std::uint32_t index);

/// The same items, with the same ticket and origin, in a batch that nobody else holds. Throws
/// std::logic_error if they can't be copied, and what copying throws.
abi::BatchPtr copy_of(const abi::Batch& batch);

}  // namespace weir::data
