#include "data/batches.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace weir::data {
namespace {

using abi::Batch;
using abi::BatchPtr;

void share_storage(const Batch& from, Batch& to) {
  if (from.storage == nullptr) return;
  from.storage->acquire();
  to.storage = from.storage;
}

/// Moves or copies items [first, first + count) of `batch` into `part`, which is empty. Moved ones
/// are no longer alive in `batch`; its `count` is the caller's to correct.
void take(Batch& batch, std::uint32_t first, std::uint32_t count, bool move, Batch& part) {
  if (move) {
    batch.type->relocate(part.items(), batch.item(first), count);
  } else {
    if (batch.type->copy == nullptr) {
      throw std::logic_error(std::string("items of type '") + batch.type->name +
                             "' can't be copied");
    }
    batch.type->copy(part.items(), batch.item(first), count);
  }
  part.count = count;
  part.origin = batch.origin;
  share_storage(batch, part);
}

}  // namespace

BatchPtr to_text(BatchPtr batch) {
  if (batch->type->views) return batch;
  if (batch->type->text == nullptr) {
    throw std::logic_error(std::string("items of type '") + batch->type->name + "' have no text");
  }
  BatchPtr texts(Batch::make(&abi::type_info<std::string_view>, batch->count, batch.get()));
  abi::TextStorage storage;
  std::string text;
  for (std::uint32_t i = 0; i < batch->count; ++i) {
    text.clear();
    batch->type->text(batch->item(i), text);
    ::new (texts->item(i)) std::string_view(storage.keep(text));
    ++texts->count;
  }
  texts->storage = storage.take(nullptr);
  return texts;
}

void in_pieces(BatchPtr batch, std::uint32_t most, const std::function<void(BatchPtr)>& give) {
  const std::uint32_t count = batch->count;
  if (count <= most) return give(std::move(batch));
  const bool move = batch->alone();
  std::vector<BatchPtr> pieces;  // all of them first: what throws, throws while nothing has moved
  pieces.reserve((count + most - 1) / most);
  for (std::uint32_t first = 0; first < count; first += most) {
    const std::uint32_t items = std::min(most, count - first);
    pieces.emplace_back(Batch::make(batch->type, items, batch.get()));
    if (!move) take(*batch, first, items, false, *pieces.back());
  }
  if (move) {
    std::uint32_t first = 0;
    for (BatchPtr& piece : pieces) {
      take(*batch, first, piece->capacity, true, *piece);
      first += piece->capacity;
    }
    batch->count = 0;
  }
  for (BatchPtr& piece : pieces) give(std::move(piece));
}

BatchPtr split_off(Batch& batch, std::uint32_t index) {
  const bool move = batch.alone();
  BatchPtr rest(Batch::make(batch.type, batch.count - index, &batch));
  take(batch, index, batch.count - index, move, *rest);
  if (move) batch.count = index;
  return rest;
}

BatchPtr part(BatchPtr& batch, std::uint32_t index) {
  if (batch->alone()) return split_off(*batch, index);
  BatchPtr front(Batch::make(batch->type, index, batch.get()));
  take(*batch, 0, index, false, *front);
  BatchPtr rest = split_off(*batch, index);
  batch = std::move(front);
  return rest;
}

BatchPtr copy_of(const Batch& batch) {
  if (batch.type->copy == nullptr) {
    throw std::logic_error(std::string("items of type '") + batch.type->name + "' can't be copied");
  }
  BatchPtr copy(Batch::make(batch.type, batch.count, &batch));
  batch.type->copy(copy->items(), batch.items(), batch.count);
  copy->count = batch.count;
  if (batch.storage != nullptr) {
    batch.storage->acquire();
    copy->storage = batch.storage;
  }
  return copy;
}

}  // namespace weir::data
