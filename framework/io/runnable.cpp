#include "io/runnable.hpp"

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace weir::io {

Runnable::Runnable() : file_(::open("/proc/loadavg", O_RDONLY | O_CLOEXEC)) {}

int Runnable::now() const {
  char text[128];
  const ssize_t size = file_ ? ::pread(file_.get(), text, sizeof text - 1, 0) : -1;
  if (size <= 0) return 0;
  text[size] = '\0';
  // "0.20 0.18 0.12 1/80 11206": behind the three averages, the runnable of all.
  int runnable = 0;
  return std::sscanf(text, "%*s %*s %*s %d/", &runnable) == 1 ? runnable : 0;
}

}  // namespace weir::io
