#include "nodes/sinks/file_writer.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::nodes {

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) close(descriptor_);
}

void FileWriter::open(const std::string& path) {
  path_ = written_ = path;
  struct stat about {};
  const bool exists = stat(path.c_str(), &about) == 0;
  if (exists && S_ISDIR(about.st_mode)) {
    errno = EISDIR;
    fail("write");
  }
  // /dev/stdout may be a regular file, but it is not ours to replace.
  const bool is_device = path.starts_with("/dev/") || path.starts_with("/proc/");
  if (exists && (is_device || !S_ISREG(about.st_mode))) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor_ < 0) fail("open");
    return;
  }
  if (exists) path_ = std::filesystem::canonical(path).string();  // a link stays a link
  written_ = path_ + ".part";
  descriptor_ = ::open(written_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("create");
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail("lock");
    throw std::runtime_error("'" + written_ + "' is being written by another run");
  }
  if (ftruncate(descriptor_, 0) != 0) fail("empty");
}

void FileWriter::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) fail("write");
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void FileWriter::finish(Outcome outcome, Host& host) {
  if (descriptor_ < 0) return;
  flush();
  if (outcome != Outcome::complete) {
    if (!is_direct()) {
      host.note("the run did not come to its end: what was written is in '" + written_ + "'");
    }
    return;
  }
  // Renamed before the lock goes with the descriptor, so that no other run gets in between.
  if (!is_direct() && std::rename(written_.c_str(), path_.c_str()) != 0) fail("rename");
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (close(descriptor) != 0) fail("close");
}

void FileWriter::fail(const char* what) const {
  throw std::runtime_error("can't " + std::string(what) + " '" + written_ +
                           "': " + std::strerror(errno));
}

}  // namespace weir::nodes
