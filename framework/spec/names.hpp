#pragma once

/// Names: what they may look like, how messages quote them, and which known one a wrong one is
/// near.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::spec {

/// Whether `name` can name a node, a port or a parameter: `[A-Za-z_][A-Za-z0-9_-]*`.
bool is_name(std::string_view name);

/// At most 60 characters of it.
std::string shortened(std::string_view text);

/// 'text', shortened if it is long.
std::string quote(std::string_view text);

/// `did_you_mean` for files with very many wrong names: it stops looking when it has looked through
/// about a million candidates, so that a bad file never takes long.
class Suggestions {
 public:
  std::string operator()(std::string_view name, const std::vector<std::string>& candidates);

 private:
  std::size_t looked_at_ = 0;
};

}  // namespace weir::spec
