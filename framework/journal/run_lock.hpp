#pragma once

/// The lock that says that a run is alive.

#include <filesystem>
#include <optional>
#include <string>

#include "journal/file.hpp"

namespace weir::journal {

/// An exclusive flock() on a file. The system takes it from a process that ends, however it does,
/// so that there is never a stale one. The file holds the id of the process that took it last.
class RunLock {
 public:
  /// Doesn't wait. Empty, with `*error` for the user, if somebody else has it or it can't be taken.
  static RunLock take(const std::filesystem::path& file, std::string* error);
  /// Whether some process has it, this one included. False if there is no such file.
  static bool is_taken(const std::filesystem::path& file);

  RunLock() = default;
  explicit operator bool() const { return static_cast<bool>(descriptor_); }

 private:
  explicit RunLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  Descriptor descriptor_;
};

}  // namespace weir::journal
