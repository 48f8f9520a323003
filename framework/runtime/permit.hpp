#pragma once

/// The right to work behind a gate.

#include <utility>

namespace weir::runtime {

/// Where permits come from and go back to.
class Gate {
 public:
  virtual void give_back() noexcept = 0;

 protected:
  ~Gate() = default;
};

/// Gives itself back when it is destroyed, however the work behind the gate came to its end. An
/// empty one belongs to no gate.
class Permit {
 public:
  Permit() = default;
  explicit Permit(Gate* gate) : gate_(gate) {}
  Permit(Permit&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
  Permit& operator=(Permit&& other) noexcept {
    if (this != &other) {
      give_back();
      gate_ = std::exchange(other.gate_, nullptr);
    }
    return *this;
  }
  ~Permit() { give_back(); }

  void give_back() noexcept {
    if (Gate* gate = std::exchange(gate_, nullptr)) gate->give_back();
  }

 private:
  Gate* gate_ = nullptr;
};

}  // namespace weir::runtime
