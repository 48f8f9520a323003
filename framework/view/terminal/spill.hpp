#pragma once

/// Text of any length, of which little is in memory.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "io/descriptor.hpp"

namespace weir::view {

/// Keeps what is beyond 64 KiB in a file that has no name. Where that can't be, the rest is lost,
/// and counted.
class Spill {
 public:
  static constexpr std::size_t kInMemory = std::size_t{64} << 10U;

  /// Throws std::bad_alloc.
  void write(std::string_view bytes);
  /// The next piece of all of it; empty at its end. To be called when all has been written.
  std::string read();
  std::uint64_t lost() const { return lost_; }
  /// Nothing has been written. To be asked before anything is read.
  bool empty() const { return first_.empty(); }

 private:
  bool write_to_file(std::string_view bytes);

  std::string first_;  // what came first, until it is read
  std::uint64_t in_file_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t lost_ = 0;
  io::Descriptor file_;
};

}  // namespace weir::view
