// Calls of requests, when locks are free again.

#include <utility>

#include "runtime/admission.hpp"

namespace weir::runtime {

thread_local Admission::Calls* Admission::Calls::collecting_ = nullptr;

Admission::Calls::~Calls() {
  if (collecting_ == this) collecting_ = nullptr;
  if (calls_.empty()) return;
  if (collecting_ != nullptr) {
    for (Call& call : calls_) collecting_->calls_.push_back(std::move(call));
    return;
  }
  collecting_ = this;
  for (std::size_t at = 0; at < calls_.size(); ++at) {
    Call call = std::move(calls_[at]);
    if (at + 1 == calls_.size()) {  // a row of requests that end at once takes no more memory
      calls_.clear();
      at = static_cast<std::size_t>(-1);
    }
    if (call.is_admitted) {
      call.request->admitted(std::move(call.permit));
    } else {
      call.request->refused();
    }
  }
  collecting_ = nullptr;
}

}  // namespace weir::runtime
