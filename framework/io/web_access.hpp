#pragma once

/// Who may look at a page that this process serves. Pure functions of a request: nothing here knows
/// sockets.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace weir::io {

/// Where a server listens: an address as numbers, without brackets.
struct WebEndpoint {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: the system chooses one
};

/// "8080", "127.0.0.1:8080", "[::1]:8080", "localhost:8080", or empty for the default. Nullopt: it
/// is none of these.
std::optional<WebEndpoint> parse_endpoint(std::string_view text);

bool is_loopback(const std::string& address);

/// "127.0.0.1:8080", "[::1]:8080"
std::string to_string(const WebEndpoint& endpoint);

/// What a request says, as far as it matters here. A header that it doesn't have is nullopt.
struct WebRequest {
  std::string method;
  std::string path;  ///< decoded, from '/'
  std::map<std::string, std::string> query;
  std::optional<std::string> host, origin, fetch_site, authorization, cookie;
};

/// Splits and decodes "/log?node=a%20b". False: it is not one.
bool parse_target(std::string_view target, WebRequest& request);

/// What becomes of a request.
enum class WebVerdict : std::uint8_t {
  allowed,
  set_cookie,          ///< it has the token in its address: answered with a cookie and no token
  forbidden,           ///< 403: another site's, or one that reached us by another name
  unauthorized,        ///< 401
  method_not_allowed,  ///< 405
};

class WebAccess {
 public:
  /// `endpoint` with the port that is listened on.
  WebAccess(const WebEndpoint& endpoint, std::string token);

  /// `local` is the address that the connection was made to.
  WebVerdict judge(const WebRequest& request, const std::string& local) const;
  /// The value of Set-Cookie.
  std::string cookie() const;
  /// "http://127.0.0.1:8080/?token=…"
  std::string url() const;

 private:
  bool is_own_host(std::string_view host, const std::string& local) const;
  bool is_token(std::string_view given) const;
  bool has_cookie(std::string_view cookies) const;

  const WebEndpoint endpoint_;
  const std::string token_;
  const std::string cookie_name_;
};

/// 128 random bits as 32 hexadecimal digits. Throws std::system_error.
std::string random_token();

/// Why it can't be a token: too short to be a secret, or with characters that an address or a
/// cookie would change. Empty: it can.
std::string token_error(std::string_view token);

}  // namespace weir::io
