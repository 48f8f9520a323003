/// To be loaded before all other libraries (LD_PRELOAD): the allocations of the program that fail.
///
/// WEIR_ALLOCATIONS_FAIL="K C": the first K are made, the next C fail, and then all are made again;
/// C can be `all`. WEIR_ALLOCATIONS_FILE: where to write how many there were, when it ends. What
/// the program starts has all of its memory.

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {

// glibc's own, under the names that it has for those who put others in their place.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

}  // extern "C"

namespace {

std::atomic<long> made{0};
long first = LONG_MAX;
long behind_last = LONG_MAX;

/// Before the program's own static objects are made.
[[gnu::constructor(101)]] void read_settings() {
  unsetenv("LD_PRELOAD");
  const char* const text = std::getenv("WEIR_ALLOCATIONS_FAIL");
  if (text == nullptr) return;
  char* rest = nullptr;
  const long asked = std::strtol(text, &rest, 10);
  const bool is_all = std::strcmp(rest, " all") == 0;
  behind_last = is_all ? LONG_MAX : asked + std::strtol(rest, nullptr, 10);
  made = 0;
  first = asked;
}

[[gnu::destructor]] void write_count() {
  const char* const path = std::getenv("WEIR_ALLOCATIONS_FILE");
  const long count = made;
  first = LONG_MAX;
  if (path == nullptr) return;
  if (std::FILE* const file = std::fopen(path, "w")) {
    std::fprintf(file, "%ld\n", count);
    std::fclose(file);
  }
}

bool fails() {
  const long number = made.fetch_add(1, std::memory_order_relaxed);
  if (number < first || number >= behind_last) return false;
  errno = ENOMEM;
  return true;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return fails() ? nullptr : __libc_malloc(size); }

void* calloc(std::size_t count, std::size_t size) {
  return fails() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size) {
  return fails() ? nullptr : __libc_realloc(memory, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}

void* memalign(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  void* const got = fails() ? nullptr : __libc_memalign(alignment, size);
  if (got == nullptr) return ENOMEM;
  *memory = got;
  return 0;
}

}  // extern "C"
