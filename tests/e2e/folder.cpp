#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "support.hpp"

namespace weir::e2e {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Strings lines_of(const std::string& text) {
  Strings lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Folder::Folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "weir-e2e-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::system_category(), "mkdtemp");
  }
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << text;
  return path_ / name;
}

Signpost::Signpost(const Folder& folder, const std::string& name) {
  const std::string path = folder.file(name);
  if (mkfifo(path.c_str(), 0600) != 0) {
    throw std::system_error(errno, std::system_category(), path);
  }
  // Open for both, so that neither opening it waits for the other side nor its end is ever seen.
  descriptor_ = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor_ < 0) throw std::system_error(errno, std::system_category(), path);
}

Signpost::~Signpost() { close(descriptor_); }

std::string Signpost::read_line() {
  for (;;) {
    const std::size_t newline = read_.find('\n');
    if (newline != std::string::npos) {
      const std::string line = read_.substr(0, newline);
      read_.erase(0, newline + 1);
      return line;
    }
    pollfd polled{descriptor_, POLLIN, 0};
    const auto most = std::chrono::milliseconds(kPatience).count();
    if (poll(&polled, 1, static_cast<int>(most)) != 1) {
      throw std::runtime_error("nobody wrote to the signpost");
    }
    char bytes[4096];
    const ssize_t got = ::read(descriptor_, bytes, sizeof bytes);
    if (got > 0) read_.append(bytes, static_cast<std::size_t>(got));
  }
}

void Signpost::write_line(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(descriptor_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::system_error(errno, std::system_category(), "signpost");
  }
}

}  // namespace weir::e2e
