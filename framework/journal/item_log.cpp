#include "journal/item_log.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace weir::journal {
namespace {

constexpr std::size_t kLongestFolder = 200;  // bytes; file systems allow 255

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

/// FNV-1a.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return value;
}

/// Makes the folder, and one level above it. The result is 0 or an error number.
int make_folder(const std::filesystem::path& folder) {
  for (const std::filesystem::path& level : {folder.parent_path(), folder}) {
    if (::mkdir(level.c_str(), 0700) != 0 && errno != EEXIST) return errno;
  }
  return 0;
}

Descriptor open_to_append(const std::filesystem::path& file) {
  return Descriptor(::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
}

/// Whether the next byte would not stand at the beginning of a line.
bool is_within_line(int descriptor) {
  const off_t size = ::lseek(descriptor, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

ItemLog::ItemLog(std::filesystem::path file, const Secrets& secrets, std::int64_t attempt)
    : file_(std::move(file)), attempt_(attempt), masker_(secrets) {}

LogError ItemLog::write(std::string_view bytes) {
  if (!error_.empty()) return {error_};
  if (bytes.empty()) return {};
  if (!descriptor_) {
    if (LogError error = open()) return error;
  }
  return put(masker_.feed(bytes));
}

LogError ItemLog::close() {
  if (!error_.empty()) return {error_};
  LogError error = descriptor_ ? put(masker_.finish_cut()) : LogError{};
  descriptor_ = {};
  return error;
}

LogError ItemLog::open() {
  descriptor_ = open_to_append(file_);
  if (!descriptor_ && errno == ENOENT) {
    if (const int error = make_folder(file_.parent_path())) return fail(error);
    descriptor_ = open_to_append(file_);
  }
  if (!descriptor_ && (errno == EMFILE || errno == ENFILE)) {
    return {fmt::format("can't open '{}': {}", file_.string(), system_message(errno)), true};
  }
  if (!descriptor_) return fail(errno);
  if (attempt_ <= 1) return {};
  return put(fmt::format("{}--- attempt {} ---\n", is_within_line(descriptor_.get()) ? "\n" : "",
                         attempt_));
}

LogError ItemLog::put(std::string_view shown) {
  if (const int error = write_all(descriptor_.get(), shown)) return fail(error);
  return {};
}

LogError ItemLog::fail(int error) {
  error_ = fmt::format("can't write '{}': {}; the rest of this log is lost", file_.string(),
                       system_message(error));
  descriptor_ = {};
  return {error_};
}

std::string log_folder(std::string_view node) {
  std::string folder;
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (is_plain(node[i]) && !(i == 0 && node[i] == '.')) {
      folder += node[i];
    } else {
      folder += fmt::format("%{:02X}", static_cast<unsigned char>(node[i]));
    }
  }
  if (folder.empty()) return "%";
  if (folder.size() <= kLongestFolder) return folder;
  return fmt::format("{}%{:016x}", folder.substr(0, kLongestFolder - 20), hash(node));
}

}  // namespace weir::journal
