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

/// Who begins nothing as long as it is halted.
class Haltable {
 public:
  virtual void halt() noexcept = 0;
  /// Once for each `halt`.
  virtual void resume() noexcept = 0;

 protected:
  ~Haltable() = default;
};

/// Holds the permit that something was made under: its place behind the gate stays taken until all
/// that came out of it has found room. Where those who make room may need that very place,
/// `instead` is halted for as long, and the place is free when the work is done.
class PermitHolder final : public Holder {
 public:
  explicit PermitHolder(Permit permit, Haltable* instead = nullptr)
      : permit_(std::move(permit)), instead_(instead) {}

  std::shared_ptr<void> share() override {
    if (instead_ != nullptr) return halt();
    if (!shared_) shared_ = std::make_shared<Permit>(std::move(permit_));
    return shared_;
  }
  /// The holder needs it no more; the last share gives it back.
  void let_go() noexcept {
    permit_.give_back();
    shared_.reset();
  }

 private:
  /// Until there is room again, even if the work goes on.
  std::shared_ptr<void> halt() {
    std::shared_ptr<void> halted = halted_.lock();
    if (halted) return halted;
    instead_->halt();
    halted = {instead_, [](Haltable* of) { of->resume(); }};
    halted_ = halted;
    return halted;
  }

  Permit permit_;
  Haltable* const instead_;
  std::shared_ptr<void> shared_;
  std::weak_ptr<void> halted_;
};

}  // namespace weir::runtime
