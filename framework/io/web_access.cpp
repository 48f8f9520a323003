#include "io/web_access.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <sys/random.h>
#include <system_error>

namespace weir::io {
namespace {

constexpr std::size_t kShortestToken = 16;
constexpr std::size_t kLongestToken = 256;
constexpr std::uint16_t kHttpPort = 80;

bool is_ipv6(std::string_view address) { return address.find(':') != address.npos; }

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return ::inet_pton(is_ipv6(text) ? AF_INET6 : AF_INET, text.c_str(), unused.data()) == 1;
}

bool is_equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return port;
}

/// Nullopt: a '%' without two hexadecimal digits behind it, or a NUL.
std::optional<std::string> decoded(std::string_view text) {
  std::string to;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      to += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* const digits = text.data() + i + 1;
    const auto [end, error] = std::from_chars(digits, digits + 2, value, 16);
    if (error != std::errc() || end != digits + 2 || value == 0) return std::nullopt;
    to += static_cast<char>(value);
    i += 2;
  }
  return to;
}

}  // namespace

std::optional<WebEndpoint> parse_endpoint(std::string_view text) {
  WebEndpoint endpoint;
  if (text.empty()) return endpoint;
  const std::size_t colon = text.rfind(':');
  const std::optional<std::uint16_t> port =
      parse_port(colon == text.npos ? text : text.substr(colon + 1));
  if (!port) return std::nullopt;
  endpoint.port = *port;
  if (colon == text.npos) return endpoint;
  std::string_view address = text.substr(0, colon);
  const bool is_bracketed = address.starts_with('[') && address.ends_with(']');
  if (is_bracketed) address = address.substr(1, address.size() - 2);
  if (!is_bracketed && address == "localhost") address = "127.0.0.1";
  endpoint.address = address;
  if (is_bracketed != is_ipv6(address) || !is_address(endpoint.address)) return std::nullopt;
  return endpoint;
}

bool is_loopback(const std::string& address) {
  return is_address(address) && (address == "::1" || address.starts_with("127."));
}

std::string to_string(const WebEndpoint& endpoint) {
  const std::string address =
      is_ipv6(endpoint.address) ? "[" + endpoint.address + "]" : endpoint.address;
  return address + ":" + std::to_string(endpoint.port);
}

bool parse_target(std::string_view target, WebRequest& request) {
  if (!target.starts_with('/')) return false;
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  const std::optional<std::string> path = decoded(target.substr(0, question));
  if (!path) return false;
  request.path = *path;
  std::string_view rest = question == target.npos ? "" : target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const auto name = decoded(pair.substr(0, equals));
    const auto value = decoded(equals == pair.npos ? "" : pair.substr(equals + 1));
    if (!name || !value) return false;
    request.query.emplace(*name, *value);
  }
  return true;
}

WebAccess::WebAccess(const WebEndpoint& endpoint, std::string token)
    : endpoint_(endpoint),
      token_(std::move(token)),
      // Cookies don't tell ports apart: the runs of one machine must not overwrite each other's.
      cookie_name_("weir_" + std::to_string(endpoint.port)) {}

WebVerdict WebAccess::judge(const WebRequest& request, const std::string& local) const {
  // A page of another site that makes its name lead to this machine still sends that name.
  if (!request.host || !is_own_host(*request.host, local)) return WebVerdict::forbidden;
  if (request.origin) {
    constexpr std::string_view kScheme = "http://";
    const std::string_view origin = *request.origin;
    if (!origin.starts_with(kScheme) || !is_own_host(origin.substr(kScheme.size()), local)) {
      return WebVerdict::forbidden;
    }
  }
  // Another port of this machine is "same-site": not we.
  if (request.fetch_site && *request.fetch_site != "same-origin" && *request.fetch_site != "none") {
    return WebVerdict::forbidden;
  }
  const auto given = request.query.find("token");
  const bool is_in_address = given != request.query.end();
  constexpr std::string_view kBearer = "Bearer ";
  const bool is_known =
      (is_in_address && is_token(given->second)) ||
      (request.authorization &&
       is_equal_ignoring_case(request.authorization->substr(0, kBearer.size()), kBearer) &&
       is_token(std::string_view(*request.authorization).substr(kBearer.size()))) ||
      (!is_in_address && request.cookie && has_cookie(*request.cookie));
  if (!is_known) return WebVerdict::unauthorized;
  if (request.method != "GET" && request.method != "HEAD") return WebVerdict::method_not_allowed;
  return is_in_address && request.path == "/" ? WebVerdict::set_cookie : WebVerdict::allowed;
}

std::string WebAccess::cookie() const {
  return cookie_name_ + "=" + token_ + "; Path=/; HttpOnly; SameSite=Strict";
}

std::string WebAccess::url() const {
  return "http://" + to_string(endpoint_) + "/?token=" + token_;
}

bool WebAccess::is_own_host(std::string_view host, const std::string& local) const {
  const auto is = [&](const std::string& address) {
    const WebEndpoint named{address, endpoint_.port};
    const std::string whole = to_string(named);
    if (is_equal_ignoring_case(host, whole)) return true;
    return endpoint_.port == kHttpPort &&
           is_equal_ignoring_case(host, std::string_view(whole).substr(0, whole.rfind(':')));
  };
  if (is(endpoint_.address) || is(local)) return true;
  return is_loopback(local) && (is("127.0.0.1") || is("localhost") || is("::1"));
}

/// Takes as long whatever is wrong with it, but for its length.
bool WebAccess::is_token(std::string_view given) const {
  if (given.size() != token_.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    difference =
        static_cast<unsigned char>(difference | static_cast<unsigned char>(given[i] ^ token_[i]));
  }
  return difference == 0;
}

bool WebAccess::has_cookie(std::string_view cookies) const {
  const std::string name = cookie_name_ + "=";
  while (!cookies.empty()) {
    std::string_view one = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && is_token(one.substr(name.size()))) return true;
  }
  return false;
}

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  for (std::size_t got = 0; got < bytes.size();) {
    const ssize_t more = ::getrandom(bytes.data() + got, bytes.size() - got, 0);
    if (more < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category());
    if (more > 0) got += static_cast<std::size_t>(more);
  }
  std::string token;
  for (const unsigned char byte : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    token += kDigits[byte >> 4U];
    token += kDigits[byte & 15U];
  }
  return token;
}

std::string token_error(std::string_view token) {
  if (token.size() < kShortestToken || token.size() > kLongestToken) {
    return "the token has to have " + std::to_string(kShortestToken) + " to " +
           std::to_string(kLongestToken) + " characters";
  }
  const bool is_plain = std::all_of(token.begin(), token.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
  });
  return is_plain ? "" : "the token may have letters, digits and -._~ only";
}

}  // namespace weir::io
