#include "runtime/reorder.hpp"

#include <utility>

#include "runtime/node.hpp"

namespace weir::runtime {

void Reorder::add(std::uint64_t first, std::uint32_t items, std::vector<Output> outputs) {
  std::unique_lock lock(mutex_);
  waiting_.emplace(first, Piece{items, std::move(outputs)});
  if (handing_on_) return;
  handing_on_ = true;
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    Piece piece = std::move(waiting_.extract(waiting_.begin()).mapped());
    lock.unlock();
    for (Output& output : piece.outputs) node_.emit(output.port, std::move(output.batch));
    node_.settle(piece.items);
    lock.lock();
    next_ += piece.items;
  }
  handing_on_ = false;
}

}  // namespace weir::runtime
