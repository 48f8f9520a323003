#include "view/web/log_tail.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/error.hpp"
#include "journal/file.hpp"
#include "journal/find_item.hpp"

namespace weir::view {
namespace {

constexpr off_t kMost = off_t{31} << 10U;  // of each of two streams, with room for titles

std::string end_of(const std::filesystem::path& file) {
  const journal::Descriptor from(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!from || ::fstat(from.get(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const off_t begin = std::max<off_t>(0, status.st_size - kMost);
  std::string text(static_cast<std::size_t>(std::min(kMost, status.st_size)), '\0');
  const ssize_t got = ::pread(from.get(), text.data(), text.size(), begin);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (begin == 0) return text;
  const std::size_t newline = text.find('\n');
  return "…\n" + text.substr(newline == text.npos ? 0 : newline + 1);
}

}  // namespace

std::string log_tail(const journal::RunDirectory& run, const std::string& node,
                     std::int64_t number) {
  std::string text;
  for (const journal::Stream stream : {journal::Stream::out, journal::Stream::err}) {
    const std::string end = end_of(run.log_file(node, number, stream));
    if (end.empty()) continue;
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += fmt::format("==> {} <==\n", stream == journal::Stream::out ? "out" : "err") + end;
  }
  return text;
}

bool has_item(const journal::RunDirectory& run, const std::string& node, std::int64_t number) {
  try {
    return journal::has_begun(run.database(), node, number);
  } catch (const journal::Error&) {
    return true;
  }
}

}  // namespace weir::view
