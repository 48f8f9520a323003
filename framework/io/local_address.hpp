#pragma once

/// The address of a Unix socket's file, whatever the length of its path.

#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

#include "io/descriptor.hpp"

namespace weir::io {

/// An address has room for 107 bytes of a path. A longer one is taken by way of its folder, which
/// is opened for that: /proc/self/fd/N/NAME. As long as this lives, the address is good.
class LocalAddress {
 public:
  /// Opens the folder, whatever the length. Throws std::system_error if that can't be done, or if
  /// the name alone is too long.
  explicit LocalAddress(const std::filesystem::path& path);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof address_; }
  /// The folder (O_PATH), and the name in it: for what ends in "at".
  int folder() const { return folder_.get(); }
  const std::string& name() const { return name_; }

 private:
  Descriptor folder_;
  std::string name_;
  sockaddr_un address_{};
};

}  // namespace weir::io
