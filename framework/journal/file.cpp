#include "journal/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unistd.h>

#include "journal/error.hpp"

namespace weir::journal {
namespace {

[[noreturn]] void fail_to_read(const std::filesystem::path& path, int error) {
  throw Error(fmt::format("can't read '{}': {}", path.string(), system_message(error)));
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

Replacement replacement_of(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  // A link may lead to what has no path of its own: /dev/stdout to a pipe.
  const bool direct = fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
  const std::string target = !direct && fs::is_symlink(path, ignored)
                                 ? fs::weakly_canonical(path, ignored).string()
                                 : path.string();
  return {target, direct ? target : target + ".part", direct};
}

std::string replace_file(const std::filesystem::path& path, std::string_view text, mode_t mode) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const Replacement to = replacement_of(path);
  const auto failure = [&](int error) {
    return fmt::format("can't write '{}': {}", to.beside, system_message(error));
  };
  {
    const Descriptor file(::open(to.beside.c_str(),
                                 O_WRONLY | O_CLOEXEC | (to.direct ? 0 : O_CREAT | O_TRUNC), mode));
    if (!file) return failure(errno);
    if (const int error = write_all(file.get(), text)) {
      if (!to.direct) fs::remove(to.beside, ignored);
      return failure(error);
    }
  }
  if (!to.direct && std::rename(to.beside.c_str(), to.target.c_str()) != 0) {
    const int error = errno;
    fs::remove(to.beside, ignored);
    return fmt::format("can't rename '{}' to '{}': {}", to.beside, to.target,
                       system_message(error));
  }
  return {};
}

std::string read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad()) fail_to_read(path, errno);
  return text.str();
}

std::string read_end(const std::filesystem::path& path, std::size_t bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const off_t size = file ? ::lseek(file.get(), 0, SEEK_END) : -1;
  if (size < 0) fail_to_read(path, errno);
  std::string text(std::min(bytes, static_cast<std::size_t>(size)), '\0');
  const ssize_t got =
      ::pread(file.get(), text.data(), text.size(), size - static_cast<off_t>(text.size()));
  if (got < 0) fail_to_read(path, errno);
  text.resize(static_cast<std::size_t>(got));
  return text;
}

std::string system_message(int error) { return std::system_category().message(error); }

}  // namespace weir::journal
