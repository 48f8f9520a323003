#include "io/web_message.hpp"

namespace weir::io {
namespace {

/// The page loads nothing but its own files and can't be put into another's frame; what it shows is
/// kept nowhere.
constexpr std::string_view kSafety =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n"
    "Referrer-Policy: no-referrer\r\n";

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

std::string response_head(const WebResponse& response, bool keeps_alive, std::string_view more) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason(response.status)).append("\r\n").append(kSafety).append(more);
  head += "Content-Type: " + response.content_type + "\r\n";
  head += "Content-Length: " + std::to_string(response.body ? response.body->size() : 0) + "\r\n";
  head += keeps_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

std::string stream_head() {
  std::string head = "HTTP/1.1 200 OK\r\n";
  head.append(kSafety);
  head += "Content-Type: text/event-stream\r\nConnection: close\r\n\r\n";
  return head;
}

WebResponse plain_response(unsigned status, std::string_view text) {
  WebResponse response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::string(text) + "\n");
  return response;
}

std::shared_ptr<const std::string> event_text(const std::shared_ptr<const std::string>& line) {
  return std::make_shared<const std::string>("data: " + *line + "\n\n");
}

}  // namespace weir::io
