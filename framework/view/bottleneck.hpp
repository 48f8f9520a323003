#pragma once

/// What holds a run back, or has held it back: the same words wherever that is said.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "view/why.hpp"

namespace weir::view {

struct Bottleneck {
  /// In the order of the graph; several where it is a limit that they share. Empty: nothing is
  /// known.
  std::vector<std::string> nodes;
  /// Names of the limits that it is due to, if it is; a function's own has the function's name.
  std::vector<std::string> limits;
  std::string text;      ///< "3 of 3 running, 41 waiting, bound by limit registry (3 slots)"
  std::string reason;    ///< the part of it that says why
  std::string length;    ///< "for 8.0s of 10.0s"; empty: not known
  bool is_over = false;  ///< that it holds the run back
};

/// What holds it back now; none if all that is known follows from something else.
Bottleneck bottleneck_of(const std::vector<Finding>& findings);

/// "push", "push and sign", "push and 2 others"
std::string names_of(const std::vector<std::string>& nodes);

/// "push and sign hold it back: 5 running, 47 waiting, bound by limit registry (5 slots)", "push
/// held it back for 8.0s of 10.0s: bound by its limit". Empty if there is none.
std::string sentence(const Bottleneck& bottleneck);

/// "; at most 3 ran, and 41 waited", of each of its nodes. Empty if none waited.
std::string most_text(std::int64_t running, std::int64_t waiting, const Bottleneck& bottleneck);

/// For pages: `node` (the first), `nodes`, `names` and the sentence as `text`, which begins with
/// the names. Null if there is none.
nlohmann::ordered_json to_json(const Bottleneck& bottleneck);

}  // namespace weir::view
