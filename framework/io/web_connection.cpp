#include "io/web_connection.hpp"

#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include "io/web_message.hpp"

namespace weir::io {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

std::optional<std::string> header(const http::request<http::empty_body>& message,
                                  boost::beast::string_view name) {
  const auto found = message.find(name);
  if (found == message.end()) return std::nullopt;
  return std::string(found->value());
}

/// False: it makes no sense.
bool read_request(const http::request<http::empty_body>& message, WebRequest& request) {
  request.method = std::string(message.method_string());
  for (const char* const name : {"Host", "Origin", "Authorization", "Sec-Fetch-Site"}) {
    if (message.count(name) > 1) return false;
  }
  request.host = header(message, "Host");
  request.origin = header(message, "Origin");
  request.fetch_site = header(message, "Sec-Fetch-Site");
  request.authorization = header(message, "Authorization");
  request.cookie = header(message, "Cookie");
  const boost::beast::string_view target = message.target();
  return parse_target({target.data(), target.size()}, request);
}

}  // namespace

WebConnection::WebConnection(asio::ip::tcp::socket socket, WebConnections& all, std::string local)
    : all_(all), local_(std::move(local)), stream_(std::move(socket)) {
  ++all_.open;
}

WebConnection::~WebConnection() {
  if (is_busy_) --all_.busy;
  if (listener_) all_.feed.remove(*listener_);
  --all_.open;
  all_.has_closed();
}

void WebConnection::begin() {
  stream_.expires_after(all_.options->deadline);
  read();
}

void WebConnection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(all_.options->most_header_bytes));
  http::async_read_header(
      stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
        if (!error) return self->answer();
        if (error == http::error::header_limit) {
          return self->respond(plain_response(431, "The request is too long."), "", false);
        }
        if (error.category() == http::make_error_code(http::error::bad_method).category() &&
            error != http::error::end_of_stream && error != http::error::partial_message) {
          self->respond(plain_response(400, "This is no request."), "", false);
        }
      });
}

void WebConnection::answer() {
  const http::request<http::empty_body>& message = parser_->get();
  WebRequest request;
  // What has a body is not read further, and so the next request isn't found.
  const bool has_body =
      message.count("Transfer-Encoding") != 0 || parser_->content_length().value_or(0) != 0;
  const bool keeps_alive = message.keep_alive() && !has_body && !all_.is_ending();
  if (!read_request(message, request)) {
    return respond(plain_response(400, "This is no request."), "", false);
  }
  switch (all_.access->judge(request, local_)) {
    case WebVerdict::forbidden:
      return respond(plain_response(403, "Not from here."), "", false);
    case WebVerdict::unauthorized:
      return respond(
          plain_response(401, "Open the address that weir has shown, with ?token=TOKEN."),
          "WWW-Authenticate: Bearer\r\n", false);
    case WebVerdict::method_not_allowed:
      return respond(plain_response(405, "There is nothing here but to look at."),
                     "Allow: GET, HEAD\r\n", false);
    case WebVerdict::set_cookie:
      return respond(plain_response(303, ""),
                     "Location: /\r\nSet-Cookie: " + all_.access->cookie() + "\r\n", keeps_alive);
    case WebVerdict::allowed:
      break;
  }
  if (has_body) return respond(plain_response(400, "A request has no body here."), "", false);
  try {
    if (request.path == all_.site->events_path() && request.method == "GET") return begin_stream();
    respond(all_.site->get(request), "", keeps_alive);
  } catch (const std::exception&) {
    respond(plain_response(500, "That went wrong."), "", false);
  }
}

void WebConnection::respond(const WebResponse& response, std::string_view more, bool keeps_alive) {
  const bool is_head = parser_ && parser_->get().method() == http::verb::head;
  is_busy_ = true;
  ++all_.busy;
  send(response_head(response, keeps_alive, more), is_head ? nullptr : response.body,
       keeps_alive ? &WebConnection::next_request : &WebConnection::close);
}

void WebConnection::begin_stream() {
  if (all_.is_ending()) return respond(plain_response(404, "The run has ended."), "", false);
  const auto first = all_.site->first_event();
  // What is sent and not yet taken is the kernel's memory: little of it.
  stream_.socket().set_option(asio::socket_base::send_buffer_size(64 * 1024));
  listener_ = all_.feed.add(this, EventFeed::Time::clock::now());
  all_.feed_changed();
  send(stream_head(), event_text(first), &WebConnection::has_sent_event);
  watch_client();
}

/// Keeps the connection while nothing is written to it, and finds out that the client has gone.
/// What comes from one that listens has no meaning.
void WebConnection::watch_client() {
  stream_.socket().async_wait(asio::socket_base::wait_read,
                              [self = shared_from_this()](error_code error) {
                                if (!error) self->close();
                              });
}

void WebConnection::send_event() { send("", all_.feed.text(), &WebConnection::has_sent_event); }
void WebConnection::send_comment() { send(":\n\n", nullptr, &WebConnection::has_sent_event); }

void WebConnection::send_end() {
  (*listener_)->is_busy = true;
  static const auto kEnd = std::make_shared<const std::string>("event: end\ndata: {}\n\n");
  send(*all_.feed.text(), kEnd, &WebConnection::close);
}

/// Both at once, in one call of the system.
void WebConnection::send(std::string head, std::shared_ptr<const std::string> body,
                         void (WebConnection::*then)()) {
  head_ = std::move(head);
  body_ = std::move(body);
  stream_.expires_after(all_.options->deadline);
  const std::array<asio::const_buffer, 2> buffers{
      asio::buffer(head_), body_ ? asio::buffer(*body_) : asio::const_buffer()};
  asio::async_write(stream_, buffers,
                    [self = shared_from_this(), then](error_code error, std::size_t) {
                      self->body_.reset();
                      if (self->is_busy_) {
                        self->is_busy_ = false;
                        --self->all_.busy;
                      }
                      if (error) return self->close();
                      ((*self).*then)();
                    });
}

void WebConnection::next_request() {
  if (all_.is_ending()) return close();
  stream_.expires_after(all_.options->idle);
  read();
}

void WebConnection::has_sent_event() {
  if (!listener_) return;  // the client has gone meanwhile
  (*listener_)->is_busy = false;
  stream_.expires_never();
  if (all_.is_ending()) return send_end();
  // Most have seen all there is: nothing changes by them.
  if (all_.feed.is_behind(*listener_)) all_.feed_changed();
}

void WebConnection::close() {
  error_code ignored;
  if (listener_) {
    all_.feed.remove(*listener_);
    listener_.reset();
  }
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  all_.has_closed();
}

}  // namespace weir::io
