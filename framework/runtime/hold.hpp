#pragma once

/// What is held back while something that was given out finds no room.

#include <memory>
#include <utility>

#include "runtime/permit.hpp"

namespace weir::runtime {

/// Whoever gives something out. A full queue takes a share, and lets it go when it has room again.
class Holder {
 public:
  /// Throws std::bad_alloc.
  virtual std::shared_ptr<void> share() = 0;

 protected:
  ~Holder() = default;
};

/// Holds the permit that something was made under: its place behind the gate stays taken until all
/// that came out of it has found room.
class PermitHolder final : public Holder {
 public:
  explicit PermitHolder(Permit permit) : permit_(std::move(permit)) {}

  std::shared_ptr<void> share() override {
    if (!shared_) shared_ = std::make_shared<Permit>(std::move(permit_));
    return shared_;
  }
  /// The holder needs it no more; the last share gives it back.
  void let_go() noexcept {
    permit_.give_back();
    shared_.reset();
  }

 private:
  Permit permit_;
  std::shared_ptr<Permit> shared_;
};

}  // namespace weir::runtime
