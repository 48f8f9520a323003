/// Reading the file, and the environment, from the system.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include "spec/admit.hpp"
#include "spec/pipeline.hpp"

namespace weir::spec {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// At most a byte more than is allowed, so that /dev/zero ends too.
bool read_all(std::FILE* file, std::string& text) {
  text.resize(largest_file + 1);
  text.resize(std::fread(text.data(), 1, text.size(), file));
  return std::ferror(file) == 0;
}

}  // namespace

SourceText read_source(const std::string& path, Diagnostics& diagnostics) {
  SourceText source{path, ""};
  const auto fail = [&](const std::string& reason, Place place = {}) {
    diagnostics.error(place, reason);
    source.text.clear();
    return source;
  };
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return fail(fmt::format("can't be read: {}", std::strerror(errno)));
  if (!read_all(file.get(), source.text)) {
    return fail(fmt::format("can't be read: {}", std::strerror(errno)));
  }
  if (source.text.size() > largest_file) return fail(too_large_message(), {1, 1});
  return source;
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    // The first of a name is the one that getenv gives.
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace weir::spec
