#include "spec/diagnostic.hpp"

#include <algorithm>

namespace weir::spec {

void Diagnostics::error(Place place, std::string message) {
  const auto remark = remarks_.find({place.line, place.column});
  if (remark != remarks_.end()) message += "; " + remark->second;
  all_.push_back({Diagnostic::Severity::error, place, false, std::move(message)});
}

void Diagnostics::option_error(std::string message) {
  all_.push_back({Diagnostic::Severity::error, {}, true, std::move(message)});
}

void Diagnostics::warning(Place place, std::string message) {
  all_.push_back({Diagnostic::Severity::warning, place, false, std::move(message)});
}

void Diagnostics::remark(Place place, std::string text) {
  remarks_.insert_or_assign({place.line, place.column}, std::move(text));
}

void Diagnostics::copy_remark(Place from, Place to) {
  const auto remark = remarks_.find({from.line, from.column});
  if (remark != remarks_.end()) this->remark(to, remark->second);
}

bool Diagnostics::has_errors() const {
  return std::any_of(all_.begin(), all_.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error;
  });
}

}  // namespace weir::spec
