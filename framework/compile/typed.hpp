#pragma once

/// A key's value, read as parameters of nodes are.

#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>

#include <weir/param.hpp>

#include "compile/every_error.hpp"
#include "spec/diagnostic.hpp"

namespace weir::compile {

/// Everything that is wrong with it is reported; nullopt then.
template <class T>
std::optional<T> read_as(const Value& value, std::string_view key, spec::Diagnostics& diagnostics) {
  if (is_settled(value)) return std::nullopt;
  T to{};
  abi::ParamSpec spec;
  spec.set = [](void* into, const Value& given) -> std::optional<abi::ParamError> {
    try {
      *static_cast<T*>(into) = ParamType<T>::parse(given);
    } catch (const BadValue& bad) {
      return abi::ParamError{bad.place(), bad.what()};
    }
    return std::nullopt;
  };
  const std::vector<abi::ParamError> errors = set_parameter(spec, &to, value);
  for (const abi::ParamError& error : errors) {
    diagnostics.error(error.place, fmt::format("'{}': {}", key, error.message));
  }
  if (!errors.empty() || value.faulty) return std::nullopt;
  return to;
}

}  // namespace weir::compile
