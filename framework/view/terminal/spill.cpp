#include "view/terminal/spill.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace weir::view {
namespace {

/// A file without a name, where temporary files belong.
int open_unnamed() {
  const char* const folder = std::getenv("TMPDIR");
  const std::string in = folder != nullptr && *folder != '\0' ? folder : "/tmp";
  const int file = open(in.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string name = in + "/weir-output-XXXXXX";  // not every file system can do that
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

void Spill::write(std::string_view bytes) {
  if (in_file_ == 0 && lost_ == 0) {
    const std::size_t room = kInMemory - first_.size();
    first_ += bytes.substr(0, room);
    bytes.remove_prefix(std::min(room, bytes.size()));
  }
  if (bytes.empty()) return;
  if (lost_ != 0 || !write_to_file(bytes)) lost_ += bytes.size();
}

bool Spill::write_to_file(std::string_view bytes) {
  if (!file_) file_ = io::Descriptor(open_unnamed());
  if (!file_) return false;
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(in_file_));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    in_file_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string Spill::read() {
  if (!first_.empty()) return std::exchange(first_, {});
  std::string piece(std::min<std::uint64_t>(kInMemory, in_file_ - read_), '\0');
  if (piece.empty()) return piece;
  const ssize_t got = pread(file_.get(), piece.data(), piece.size(), static_cast<off_t>(read_));
  piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  read_ += piece.size();
  return piece;
}

}  // namespace weir::view
