#pragma once

/// What stands in and beside the nodes of a picture, and how much room that takes.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "view/graph/layout.hpp"
#include "view/graph/marks.hpp"
#include "view/graph/model.hpp"

namespace weir::view {

inline constexpr double kNameFont = 14;   ///< pixels, of a node's first line
inline constexpr double kSmallFont = 11;  ///< of the others, and of edges' labels
inline constexpr double kFirstLine = 21;  ///< from the top of a node to its first base line
inline constexpr double kLine = 16;       ///< from one base line to the next

/// How wide a text is in a sans-serif font of that size, by estimate. What East Asian scripts write
/// wide, and pictographs, count as two.
double text_width(std::string_view text, double font);

/// On one line and harmless, cut at the end ("…") to at most that width.
std::string shortened(std::string_view text, double font, double most);

/// The node's name; its type, and a queue's capacity; its limits, one line for each that is shared.
std::vector<std::string> label_lines(const Graph& graph, const GraphNode& node);

/// Which of them is the first of a shared limit, if there is one.
std::size_t first_limit_line(const GraphNode& node);

/// The port, unless it is "out".
std::string edge_label(const GraphEdge& edge);
bool is_failure(const GraphEdge& edge);

/// What a run did at a node, in lines for its label: its state and counts, and its note.
struct RunLines {
  std::vector<std::string> counts;
  std::vector<std::string> note;  ///< may be none
  std::vector<std::string> all() const;
};
RunLines run_lines(const NodeMarks& marks);

/// The label's lines, then those of what a run did. `marks` may be null.
std::vector<std::string> all_lines(const Graph& graph, const GraphNode& node,
                                   const NodeMarks* marks);

/// `run`: with lines of a run, and the bar below them, if there are any.
Size node_size(const Graph& graph, const GraphNode& node, const std::vector<std::string>& run = {});
/// On a page: with its name, its type with its limits, two lines of counts, and a bar.
Size card_size(const Graph& graph, const GraphNode& node);
Size label_size(std::string_view label);

/// "registry 3", "cpu, 2/s, 8GiB, for each ${{ item.host }}"
std::string limit_text(const GraphLimit& limit);

}  // namespace weir::view
