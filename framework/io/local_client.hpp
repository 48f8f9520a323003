#pragma once

/// Asks a LocalServer.

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::io {

/// There is no reply. The message is for the user: what, and where.
class AskError : public std::runtime_error {
 public:
  enum class Why {
    nobody,     ///< nobody listens there: no such socket, or one that was left behind
    refused,    ///< this user may not ask
    timed_out,  ///< no complete reply in time
    closed,     ///< the other side closed the connection before its reply was complete
    failed,     ///< the system refused something
  };
  AskError(Why why, const std::string& message) : std::runtime_error(message), why_(why) {}
  Why why() const { return why_; }

 private:
  Why why_;
};

/// Sends a request, a line without its newline, and gives the reply without its newline. Blocks,
/// for `patience` at most. Throws AskError, std::invalid_argument if the request is longer than
/// kLongestRequest or has a newline in it.
std::string ask(const std::filesystem::path& socket, std::string_view request,
                std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace weir::io
