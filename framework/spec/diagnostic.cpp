#include "spec/diagnostic.hpp"

#include <algorithm>

namespace weir::spec {

void Diagnostics::error(Place place, std::string message) {
  all_.push_back({Diagnostic::Severity::error, place, std::move(message)});
}

void Diagnostics::warning(Place place, std::string message) {
  all_.push_back({Diagnostic::Severity::warning, place, std::move(message)});
}

bool Diagnostics::has_errors() const {
  return std::any_of(all_.begin(), all_.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error;
  });
}

}  // namespace weir::spec
