#pragma once

/// How the answers of the web server look on the wire.

#include <memory>
#include <string>
#include <string_view>

#include "io/web_server.hpp"

namespace weir::io {

/// The status line and all headers, with the empty line behind them. `more` are lines of their own.
std::string response_head(const WebResponse& response, bool keeps_alive,
                          std::string_view more = "");
std::string stream_head();

/// For what is refused.
WebResponse plain_response(unsigned status, std::string_view text);

/// `line` is one line.
std::shared_ptr<const std::string> event_text(const std::shared_ptr<const std::string>& line);

}  // namespace weir::io
