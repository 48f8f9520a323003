#pragma once

/// Asio's own view of a loop, for what needs more of it than Watch and Alarm.

#include <boost/asio/io_context.hpp>

#include "io/loop.hpp"

namespace weir::io {

boost::asio::io_context& context_of(Loop& loop);

}  // namespace weir::io
