#pragma once

/// A Unix stream socket that answers questions of the same user's processes.
///
/// A connection carries one request, a line, and one reply, whatever comes until its end.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace weir::io {

/// The longest request, in bytes, without its newline.
inline constexpr std::size_t kLongestRequest = 4096;

struct LocalServerOptions {
  /// As many are served at the same time; others wait until the system accepts them.
  std::size_t most_connections = 16;
  /// From when it is accepted until its reply is written; then it is closed.
  std::chrono::milliseconds deadline{5000};
};

/// Serves on a thread of its own with a loop of its own, not on the reactor's: whatever clients do,
/// and however long a reply takes to make, no completion of a command waits for it.
class LocalServer {
 public:
  /// Called on the server's thread, one at a time, with the request's line without its newline.
  /// The reply is sent with a newline behind it. If it throws, the connection is closed instead.
  using Handler = std::function<std::string(std::string_view request)>;

  /// Listens when it returns. The socket's file has mode 0600 from its beginning, and clients that
  /// are of another user, root excepted, are turned away. A socket that is there already is
  /// replaced: the caller makes sure that nobody serves it. The path may be of any length.
  /// Throws std::runtime_error, for the user, if it can't listen.
  LocalServer(const std::filesystem::path& path, Handler handler, LocalServerOptions options = {});
  /// Removes the file and closes connections without an answer. Waits for a handler that is being
  /// called.
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::io
