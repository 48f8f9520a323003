#pragma once

/// What `run` and `shell` have in common.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/node.hpp>

namespace weir::nodes {

/// How a command is run and what is given out for it.
struct CommandOptions {
  std::vector<std::pair<std::string, Template>> env;
  Template cwd;
  std::string standard_input = "none";
  std::string emit = "item";
  Size output_cap{std::size_t{1} << 20};

  /// A command with all of it filled in but `argv`.
  Command prepare(const Item& item) const;

  /// What the item's command makes of the item. Throws CommandFailed on any status but 0.
  /// `command` is the whole command line, `shown` what stands for it in a message.
  Item give(Item item, const std::string& command, const std::string& shown, ProcessResult result,
            Host& host) const;

  /// "text", "record", or "" for the type that comes in.
  std::string output_type() const;
};

}  // namespace weir::nodes
