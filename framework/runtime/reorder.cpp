#include "runtime/reorder.hpp"

#include <utility>

#include "runtime/admission.hpp"
#include "runtime/node.hpp"

namespace weir::runtime {
namespace {

bool feeds_a_bounded_queue(const Node& node) {
  for (const std::vector<Edge>& readers : node.ports) {
    for (const Edge& edge : readers) {
      if (edge.to->bounded != nullptr) return true;
    }
  }
  return false;
}

}  // namespace

/// What is handed on finds no room: nothing more is handed on until it has.
class Reorder::RoomHolder final : public Holder {
 public:
  explicit RoomHolder(Reorder& reorder) : reorder_(reorder) {}
  std::shared_ptr<void> share() override {
    reorder_.without_room_.fetch_add(1);
    return {&reorder_, [](Reorder* reorder) { reorder->found_room(); }};
  }

 private:
  Reorder& reorder_;
};

void Reorder::add(std::uint64_t first, std::uint32_t items, std::vector<Output> outputs,
                  Holder* from) {
  const Admission::Deferral later;  // a share may halt the node, which lets others in
  // What may throw comes before the lock, or leaves nothing that is destroyed under it.
  Pieces one;
  Piece& piece = one.emplace(first, Piece{items, std::move(outputs), {}}).first->second;
  std::unique_lock lock(mutex_);
  // Who only waits for his turn holds no permit: the one whose turn it is may need it. Who waits
  // for room does, or for others to be let in: room may be what they are about to take.
  const bool waits_for_room = without_room_.load() != 0 || handing_on_;
  if (from != nullptr && waits_for_room && feeds_a_bounded_queue(node_)) {
    piece.held.push_back(from->share());
  }
  waiting_.merge(one);
  hand_on(lock);
}

void Reorder::found_room() {
  without_room_.fetch_sub(1);
  std::unique_lock lock(mutex_);
  hand_on(lock);
}

void Reorder::hand_on(std::unique_lock<std::mutex>& lock) {
  if (handing_on_) return;
  handing_on_ = true;
  while (without_room_.load() == 0 && !waiting_.empty() && waiting_.begin()->first == next_) {
    Piece piece = std::move(waiting_.extract(waiting_.begin()).mapped());
    lock.unlock();
    RoomHolder holder(*this);
    for (Output& output : piece.outputs) node_.emit(output.port, std::move(output.batch), &holder);
    piece.held.clear();
    node_.settle(piece.items);
    lock.lock();
    next_ += piece.items;
  }
  handing_on_ = false;
  if (without_room_.load() != 0) return;
  // There is room, but the one whose turn it is has not come: it may need a permit for that.
  std::list<std::shared_ptr<void>> let_go;
  for (auto& [first, piece] : waiting_) let_go.splice(let_go.end(), piece.held);
  lock.unlock();
}

}  // namespace weir::runtime
