#pragma once

/// Pipeline → Plan.

#include <cstdint>
#include <optional>

#include "compile/plan.hpp"
#include "compile/registry.hpp"
#include "spec/pipeline.hpp"

namespace weir::compile {

/// Threads of a blocking function without a `limit`.
inline constexpr std::int64_t kBlockingThreads = 64;

/// Checks a pipeline against the node types, and lays out what is to be built. Everything that is
/// wrong is added to `diagnostics`; nullopt if there is any error. Without some plugin
/// (`plugins_loaded` false, which has been said) unknown node types are no news.
std::optional<Plan> make_plan(const spec::Pipeline& pipeline, const Registry& registry,
                              spec::Diagnostics& diagnostics, bool plugins_loaded = true);

}  // namespace weir::compile
