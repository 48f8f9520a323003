#include "io/local_address.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>

namespace weir::io {

LocalAddress::LocalAddress(const std::filesystem::path& path) : name_(path.filename()) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  folder_ = Descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder_) throw std::system_error(errno, std::generic_category());
  address_.sun_family = AF_UNIX;
  std::string text = path.string();
  if (text.size() >= sizeof address_.sun_path) {
    text = "/proc/self/fd/" + std::to_string(folder_.get()) + "/" + name_;
  }
  if (text.size() >= sizeof address_.sun_path) {
    throw std::system_error(ENAMETOOLONG, std::generic_category());
  }
  text.copy(address_.sun_path, text.size());
}

}  // namespace weir::io
