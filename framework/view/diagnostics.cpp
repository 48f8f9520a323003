#include "view/diagnostics.hpp"

#include <string_view>

#include "journal/secrets.hpp"

namespace weir::view {

std::string diagnostics_text(const spec::Diagnostics& diagnostics, const spec::SourceText& source) {
  const journal::Secrets secrets(diagnostics.hidden());
  if (secrets.empty()) return diagnostics.render(source);
  return diagnostics.render(
      source, [&secrets](std::string_view text) { return journal::mask_shortened(text, secrets); });
}

}  // namespace weir::view
