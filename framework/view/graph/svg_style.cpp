#include "view/graph/svg_style.hpp"

namespace weir::view {

// Every rule is for what is inside of such a picture, as a style is for the whole page that a
// picture stands in.
std::string_view svg_style() {
  return R"(<style>
.weir-graph text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-size:11px}
.weir-graph .name{font-size:14px;font-weight:600}
.weir-graph .strong{font-weight:600}
.weir-graph .shape,.weir-graph .rim,.weir-graph .edge{stroke-width:1.5}
.weir-graph .rim,.weir-graph .edge{fill:none}
.weir-graph .bottleneck>.shape{stroke-width:4}
.weir-graph .edge.failed{stroke-dasharray:5 4}
.weir-graph .is-stopped>.shape{stroke-dasharray:3 3}
.weir-graph .label{text-anchor:middle;paint-order:stroke;stroke-width:5px;stroke-linejoin:round}
.weir-graph .bar{opacity:.35}
.weir-graph .page{fill:#fff}
.weir-graph text{fill:#1f2733}
.weir-graph .soft{fill:#4d5866}
.weir-graph .source>.shape{fill:#dff3e6;stroke:#3c8f5f}
.weir-graph .function>.shape{fill:#e3edfb;stroke:#4a78b8}
.weir-graph .queue>.shape{fill:#fdf0d5;stroke:#b98a2d}
.weir-graph .queue>.rim{stroke:#b98a2d}
.weir-graph .sink>.shape{fill:#ece4fa;stroke:#7d5fb8}
.weir-graph .is-idle>.shape{fill:#f4f5f7;stroke:#8a94a3}
.weir-graph .is-waiting>.shape{fill:#fdf3d6;stroke:#a67c1e}
.weir-graph .is-running>.shape{fill:#dceafe;stroke:#2f6fd0}
.weir-graph .is-held>.shape{fill:#ffe6d1;stroke:#c2570c}
.weir-graph .is-done>.shape{fill:#ddf4e4;stroke:#2f8f4e}
.weir-graph .is-failed>.shape{fill:#fde3e1;stroke:#c62828}
.weir-graph .is-stopped>.shape{fill:#e6e8ec;stroke:#4d5866}
.weir-graph .marked>.rim{stroke:#4d5866}
.weir-graph .bottleneck>.shape{stroke:#d97706}
.weir-graph .hold{fill:#9a4b00;font-weight:600}
.weir-graph .edge{stroke:#7b8594}
.weir-graph .edge.failed{stroke:#c62828}
.weir-graph .head,.weir-graph .bar{fill:#7b8594}
.weir-graph .failed-head,.weir-graph .failed-bar,.weir-graph .failed-label{fill:#c62828}
.weir-graph .label{stroke:#fff}
.weir-graph .done-bar{fill:#2f9e44}
.weir-graph .running-bar{fill:#1c7ed6}
@media (prefers-color-scheme:dark){
.weir-graph .page{fill:#14181f}
.weir-graph text{fill:#e6eaf0}
.weir-graph .soft{fill:#aab4c2}
.weir-graph .source>.shape{fill:#163526;stroke:#4fae78}
.weir-graph .function>.shape{fill:#1a2b45;stroke:#6a9be0}
.weir-graph .queue>.shape{fill:#3a2f17;stroke:#d0a349}
.weir-graph .queue>.rim{stroke:#d0a349}
.weir-graph .sink>.shape{fill:#2d2346;stroke:#a588e0}
.weir-graph .is-idle>.shape{fill:#1f242d;stroke:#77828f}
.weir-graph .is-waiting>.shape{fill:#37301a;stroke:#cfa64a}
.weir-graph .is-running>.shape{fill:#16294a;stroke:#6a9be0}
.weir-graph .is-held>.shape{fill:#40260f;stroke:#f08c3c}
.weir-graph .is-done>.shape{fill:#14341f;stroke:#4fae78}
.weir-graph .is-failed>.shape{fill:#431b1b;stroke:#ff7b72}
.weir-graph .is-stopped>.shape{fill:#2a303a;stroke:#aab4c2}
.weir-graph .marked>.rim{stroke:#aab4c2}
.weir-graph .bottleneck>.shape{stroke:#f5a742}
.weir-graph .hold{fill:#ffb866}
.weir-graph .edge{stroke:#8793a1}
.weir-graph .edge.failed{stroke:#ff7b72}
.weir-graph .head,.weir-graph .bar{fill:#8793a1}
.weir-graph .failed-head,.weir-graph .failed-bar,.weir-graph .failed-label{fill:#ff7b72}
.weir-graph .label{stroke:#14181f}
.weir-graph .done-bar{fill:#51cf66}
.weir-graph .running-bar{fill:#4dabf7}
}
</style>
)";
}

}  // namespace weir::view
