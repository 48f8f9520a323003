#pragma once

/// What is asked of a run that goes on, and how it answers: a JSON object on a line for each;
/// framework/doc/seeing.md describes them.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/status.hpp"

namespace weir::view {

/// What requests can do to a run. Called by `answer`, on its thread.
class RunControl {
 public:
  virtual runtime::Status status() = 0;
  /// From now on, 0 or more; 0: nothing starts. `limit` is one of `status().limits`, with slots.
  /// The result is an error for the user, or empty.
  virtual std::string set_slots(const std::string& limit, std::int64_t slots) = 0;

 protected:
  ~RunControl() = default;
};

/// The reply to a request, neither with a newline. If one of the limits that it sets can't be set,
/// none is, unless `set_slots` itself refuses it.
std::string answer(std::string_view request, RunControl& run);

// The other side.

/// The slots of a limit that are to be, or have been, set.
struct LimitChange {
  std::string limit;
  std::int64_t slots = 0;
  std::int64_t before = 0;  ///< in a reply
};

/// The run answered with an error. The message is for the user.
class RequestError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string status_request();
std::string limit_request(const std::vector<LimitChange>& changes);

/// Both throw RequestError, also if the reply makes no sense.
runtime::Status read_status_reply(std::string_view reply);
std::vector<LimitChange> read_limit_reply(std::string_view reply);

}  // namespace weir::view
