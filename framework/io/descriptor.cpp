#include "io/descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace weir::io {

namespace {

Descriptor above_standard_streams(Descriptor descriptor) {
  if (!descriptor || descriptor.get() > STDERR_FILENO) return descriptor;
  return Descriptor(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

}  // namespace

void Descriptor::close() {
  if (number_ < 0) return;
  const int error = errno;  // closing happens on error paths, whose errno is still wanted
  ::close(number_);
  number_ = -1;
  errno = error;
}

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  pipe.read = above_standard_streams(std::move(pipe.read));
  pipe.write = above_standard_streams(std::move(pipe.write));
  return pipe;
}

Descriptor open_null() {
  Descriptor null = above_standard_streams(Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
  if (!null) throw std::system_error(errno, std::generic_category(), "cannot open /dev/null");
  return null;
}

bool room_for_descriptors(int count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return true;
  // Linux gives the lowest free number, so it tells how full the table is.
  const Descriptor lowest_free(::open("/", O_PATH | O_CLOEXEC));
  return lowest_free && static_cast<rlim_t>(lowest_free.get() + count) <= limit.rlim_cur;
}

}  // namespace weir::io
