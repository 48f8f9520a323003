#pragma once

/// One connection of the web server. Includes Boost: for the server's own files.

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>

#include "io/event_feed.hpp"
#include "io/web_server.hpp"

namespace weir::io {

/// What the connections of a server share. All of it is for the server's thread.
struct WebConnections {
  virtual void has_closed() = 0;  ///< one of them
  virtual void feed_changed() = 0;
  virtual bool is_ending() const = 0;

  WebSite* site = nullptr;
  const WebServerOptions* options = nullptr;
  const WebAccess* access = nullptr;
  EventFeed feed;  ///< its text is an event as it is sent
  std::size_t open = 0;
  std::size_t busy = 0;  ///< those with a response under way

 protected:
  ~WebConnections() = default;
};

/// Lives as long as something is under way for it.
class WebConnection : public std::enable_shared_from_this<WebConnection> {
 public:
  WebConnection(boost::asio::ip::tcp::socket socket, WebConnections& all, std::string local);
  ~WebConnection();
  WebConnection(const WebConnection&) = delete;
  WebConnection& operator=(const WebConnection&) = delete;

  void begin();
  /// Of a stream: the newest event, or a comment that shows that we are there.
  void send_event();
  void send_comment();
  /// Of a stream that nothing is being written to: the last of all.
  void send_end();
  void close();

 private:
  void read();
  void answer();
  void respond(const WebResponse& response, std::string_view more, bool keeps_alive);
  void begin_stream();
  void watch_client();
  void send(std::string head, std::shared_ptr<const std::string> body,
            void (WebConnection::*then)());
  void next_request();
  void has_sent_event();

  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

  WebConnections& all_;
  const std::string local_;  ///< the address that it was made to
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::string head_;
  std::shared_ptr<const std::string> body_;
  std::optional<EventFeed::Handle> listener_;
  bool is_busy_ = false;
};

}  // namespace weir::io
