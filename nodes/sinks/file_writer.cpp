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
#include <utility>

namespace weir::nodes {
namespace {

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// The standard stream that a path means, or -1. It may be a regular file, but that is not ours to
/// replace, and what others write into it comes behind what we write.
int standard_stream(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) return -1;
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat standard {};
    if (fstat(descriptor, &standard) == 0 && !S_ISCHR(about.st_mode) &&
        same_file(about, standard)) {
      return descriptor;
    }
  }
  return -1;
}

}  // namespace

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) close(descriptor_);
}

void FileWriter::open(const std::string& path) {
  path_ = written_ = path;
  if (is_standard_output()) return;
  if (const int standard = standard_stream(path); standard >= 0) {
    descriptor_ = fcntl(standard, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor_ < 0) fail("write");
    return;
  }
  struct stat about {};
  std::error_code not_there;
  if (std::filesystem::is_symlink(path, not_there) &&
      !path.starts_with("/dev/")) {  // a link stays a link, also one to what isn't there yet
    path_ = written_ = std::filesystem::weakly_canonical(path).string();
  }
  const bool exists = stat(path.c_str(), &about) == 0;
  if (exists && S_ISDIR(about.st_mode)) {
    errno = EISDIR;
    fail("write");
  }
  if (exists && !S_ISREG(about.st_mode)) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor_ < 0) fail("open");
    return;
  }
  written_ = path_ + ".part";
  while (!open_beside()) {
  }
  if (ftruncate(descriptor_, 0) != 0) fail("empty");
  if (exists && fchmod(descriptor_, about.st_mode & 07777) != 0) fail("set the mode of");
}

bool FileWriter::open_beside() {
  descriptor_ = ::open(written_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("create");
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail("lock");
    throw std::runtime_error("'" + written_ + "' is being written by another sink or another run");
  }
  // Whoever had the lock may have renamed the file meanwhile: then it is finished, and not ours.
  struct stat ours {};
  struct stat named {};
  if (fstat(descriptor_, &ours) == 0 && stat(written_.c_str(), &named) == 0 &&
      same_file(ours, named)) {
    return true;
  }
  close(descriptor_);
  descriptor_ = -1;
  return false;
}

void FileWriter::flush(Host& host) {
  if (is_standard_output()) {  // by way of the host: lines of several nodes don't mix
    const std::string lines = std::exchange(buffer_, {});
    if (!lines.empty()) host.print(lines);
    return;
  }
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written > 0) done += static_cast<std::size_t>(written);
    if (written < 0 && errno != EINTR) {
      const int error = errno;
      buffer_.clear();  // not to be tried again
      if (!is_direct() && ftruncate(descriptor_, written_bytes_) != 0) errno = error;
      errno = error;
      fail("write");
    }
  }
  written_bytes_ += static_cast<off_t>(done);
  buffer_.clear();
}

void FileWriter::finish(Outcome outcome, Host& host) {
  if (is_standard_output()) return flush(host);
  if (descriptor_ < 0) return;
  flush(host);
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
