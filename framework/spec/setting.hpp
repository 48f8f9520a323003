#pragma once

/// The text of one `--set NAME=TEXT` → Value.

#include <optional>
#include <string>

#include <weir/value.hpp>

namespace weir::spec {

struct Setting {
  Value value;
  std::string error;  ///< why it can't be one, or ""
};

/// `wanted` is the type of the parameter's default: a text is taken as it is, lists and maps are
/// read as YAML, the others by the rules for scalars. nullopt: by the rules for scalars. Nothing in
/// a setting is resolved further: no `${…}`, no `${{ … }}`.
Setting read_setting(const std::string& text, std::optional<Value::Kind> wanted);

}  // namespace weir::spec
