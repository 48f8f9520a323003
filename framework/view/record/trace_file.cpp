#include "view/record/trace_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <zlib.h>

#include "journal/error.hpp"
#include "journal/file.hpp"

namespace weir::view {
namespace {

/// Quick: traces are large, and compress well anyway.
constexpr const char* kCompressed = "wb1";
constexpr const char* kPlain = "wbT";

}  // namespace

TraceFile::TraceFile(std::string name) : name_(std::move(name)) {
  const char* const mode = name_.ends_with(".gz") ? kCompressed : kPlain;
  if (name_ == "-") {
    const int output = ::dup(STDOUT_FILENO);
    file_ = output < 0 ? nullptr : gzdopen(output, mode);
  } else {
    const journal::Replacement to = journal::replacement_of(name_);
    target_ = to.target;
    if (to.direct) {
      const int output = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
      file_ = output < 0 ? nullptr : gzdopen(output, mode);
    } else {
      part_ = to.beside;
      file_ = gzopen(part_.c_str(), mode);
    }
  }
  if (file_ == nullptr) fail(errno);
}

TraceFile::~TraceFile() {
  if (file_ == nullptr) return;
  gzclose(file_);
  if (!part_.empty()) ::unlink(part_.c_str());
}

void TraceFile::write(std::string_view text) {
  errno = 0;
  if (!text.empty() && gzwrite(file_, text.data(), static_cast<unsigned>(text.size())) == 0) {
    fail(errno);
  }
}

void TraceFile::close() {
  errno = 0;
  if (gzclose(std::exchange(file_, nullptr)) != Z_OK) {
    const int error = errno;
    if (!part_.empty()) ::unlink(part_.c_str());
    fail(error);
  }
  if (part_.empty()) return;
  std::error_code error;
  std::filesystem::rename(part_, target_, error);
  if (!error) return;
  ::unlink(part_.c_str());
  fail(error.value());
}

void TraceFile::fail(int error) const {
  throw journal::Error(fmt::format("{} can't be written: {}",
                                   name_ == "-" ? "standard output" : "'" + name_ + "'",
                                   error == 0 ? "out of memory" : journal::system_message(error)));
}

std::string read_trace_file(const std::string& name) {
  errno = 0;
  const gzFile file = gzopen(name.c_str(), "rb");
  const auto fail = [&](const std::string& why) -> void {
    throw journal::Error(fmt::format("'{}' can't be read: {}", name, why));
  };
  if (file == nullptr) fail(journal::system_message(errno));
  std::string text;
  std::string piece(std::size_t{256} << 10U, '\0');
  int got = 0;
  while ((got = gzread(file, piece.data(), static_cast<unsigned>(piece.size()))) > 0) {
    text.append(piece, 0, static_cast<std::size_t>(got));
  }
  const int closed = gzclose(file);
  if (got < 0 || closed != Z_OK) fail("it is damaged");
  return text;
}

bool begins_with(const std::string& file, std::string_view text) {
  const gzFile opened = gzopen(file.c_str(), "rb");
  if (opened == nullptr) return false;
  std::string begin(text.size(), '\0');
  const int got = gzread(opened, begin.data(), static_cast<unsigned>(begin.size()));
  gzclose_r(opened);
  return got == static_cast<int>(text.size()) && begin == text;
}

bool is_trace_name(std::string_view name) {
  return name.ends_with(".json") || name.ends_with(".json.gz");
}

}  // namespace weir::view
