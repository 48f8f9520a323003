#include "runtime/gathered.hpp"

#include <algorithm>
#include <optional>

#include "data/batches.hpp"

namespace weir::runtime {

void Gathered::takes(std::uint64_t origin) {
  note_new();
  const std::optional<RunRecords::Origin> one = records_.origin(origin);
  if (!one) return;
  any_ = true;
  all_.ran = all_.ran || one->ran;
  all_.ended_ns = std::max(all_.ended_ns, one->ended_ns);
  if (!all_.first_failed) all_.first_failed = one->first_failed;
  marked_ = 0;
}

void Gathered::note_new() {
  if (!something_new_.exchange(false) || all_.ran) return;
  any_ = all_.ran = true;
  marked_ = 0;
}

void Gathered::mark(abi::BatchPtr& batch) {
  note_new();
  if (!any_) return;
  if (marked_ == 0 || marked_for_ != batch->origin) {
    marked_for_ = batch->origin;
    // What the node gives out while it has an item in hand came of that one last.
    const std::optional<RunRecords::Origin> last = records_.origin(marked_for_);
    all_.key = last ? last->key : std::nullopt;
    marked_ = records_.add_origin(all_);
  }
  if (!batch->alone()) batch = data::copy_of(*batch);
  batch->origin = marked_;
}

void Gathered::forget() {
  any_ = false;
  all_ = {};
  marked_ = 0;
}

}  // namespace weir::runtime
