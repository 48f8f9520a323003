#pragma once

/// Serves a page of this process to browsers and tools: HTTP/1.1, for reading only, and a stream of
/// events. framework/doc/decisions/0018 says who may look, and why.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "io/web_access.hpp"

namespace weir::io {

struct WebResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body;  ///< may be shared by many responses
};

struct WebServerOptions {
  WebEndpoint endpoint;
  std::string token;
  /// As many are served at the same time, event streams included; others wait until the system
  /// accepts them. Never more than a quarter of the descriptors that the process may have.
  std::size_t most_connections = 2000;
  std::size_t most_header_bytes = 16 * 1024;
  /// For a request to come, once it has begun; for a response, or an event, to be taken.
  std::chrono::milliseconds deadline{10'000};
  /// For the next request on the same connection.
  std::chrono::milliseconds idle{75'000};
};

/// Called on the server's thread, one at a time. If it throws, the answer is 500.
class WebSite {
 public:
  virtual WebResponse get(const WebRequest& request) = 0;
  /// The path of the event stream, and what one begins with: the text of an event, a line.
  virtual std::string events_path() const = 0;
  virtual std::shared_ptr<const std::string> first_event() = 0;

 protected:
  ~WebSite() = default;
};

/// Serves on a thread of its own, with an event loop of its own: whatever clients do, nothing of
/// the run waits for it. What a slow client has not taken is one response or one event, never more.
class WebServer {
 public:
  /// Listens when it returns. `site` must outlive it. Throws std::runtime_error, for the user, if
  /// it can't.
  WebServer(WebSite& site, const WebServerOptions& options);
  /// Closes all connections, whatever is under way. Waits for a call of the site.
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  const WebEndpoint& endpoint() const;
  std::string url() const;

  /// The text of an event, a line, becomes the newest: every stream gets it, at most 4 times a
  /// second, or only what has become the newest meanwhile. From any thread; doesn't block.
  void publish(std::shared_ptr<const std::string> event);
  /// How many streams are open. From any thread.
  std::size_t streams() const;

  /// Sends every stream a last event, and one named `end`, and closes it. Blocks until that is
  /// done, at most for `patience`. No stream is opened any more.
  void end(std::shared_ptr<const std::string> event, std::chrono::milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::io
