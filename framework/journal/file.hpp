#pragma once

/// Files, read and written as wholes.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace weir::journal {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }

 private:
  int number_ = -1;
};

/// Writes all of it. The result is 0 or an error number of the system.
int write_all(int descriptor, std::string_view bytes);

/// How to write what `path` names, so that nobody ever reads half of it.
struct Replacement {
  std::string target;   ///< `path`, or what it leads to if it is a link
  std::string beside;   ///< what to write, and to rename to `target` then; if direct, the same
  bool direct = false;  ///< it exists and is no regular file (a pipe, a device): opened as it is
};
Replacement replacement_of(const std::filesystem::path& path);

/// Writes `text` beside `path` (as `PATH.part`) and renames that, so that nobody ever reads half of
/// it. If `path` is a link, what it leads to is replaced; what exists and is no regular file (a
/// pipe, a device) is written to directly. A file that is new has `mode`, less the umask. The
/// result is an error that names the file, or empty. Survives the end of the process, not of the
/// machine: there is no fsync.
std::string replace_file(const std::filesystem::path& path, std::string_view text,
                         mode_t mode = 0666);

/// Throws Error.
std::string read_file(const std::filesystem::path& path);

/// The last `bytes` bytes of it, or all. Throws Error.
std::string read_end(const std::filesystem::path& path, std::size_t bytes);

/// "No space left on device"
std::string system_message(int error);

}  // namespace weir::journal
