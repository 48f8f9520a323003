#include "compile/limits.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include <weir/units.hpp>

#include "compile/check.hpp"
#include "compile/parameters.hpp"
#include "compile/typed.hpp"
#include "spec/described.hpp"

namespace weir::compile {
namespace {

using spec::LimitDeclaration;

std::chrono::nanoseconds interval_of(Rate rate) {
  return std::chrono::nanoseconds(std::max<std::int64_t>(1, std::llround(1e9 / rate.per_second)));
}

/// Of the limits with such a bound, the one with the smallest.
template <class T>
const LimitDeclaration* smallest(const std::vector<const LimitDeclaration*>& limits,
                                 std::optional<T> LimitDeclaration::*bound) {
  const LimitDeclaration* found = nullptr;
  for (const LimitDeclaration* limit : limits) {
    if (!(limit->*bound)) continue;
    if (found == nullptr || *(limit->*bound) < *(found->*bound)) found = limit;
  }
  return found;
}

}  // namespace

LimitChecker::LimitChecker(const spec::Pipeline& pipeline, spec::Diagnostics& diagnostics)
    : pipeline_(pipeline), diagnostics_(diagnostics) {
  for (const LimitDeclaration& declared : pipeline.limits) {
    index_.emplace(declared.name, static_cast<std::uint32_t>(planned_.size()));
    PlannedLimit& limit = planned_.emplace_back();
    limit.name = declared.name;
    limit.slots = declared.slots;
    limit.memory = declared.memory;
    if (declared.rate) limit.interval = interval_of(*declared.rate);
    if (declared.per) limit.per = read_as<Template>(*declared.per, "per", diagnostics_);
  }
}

void LimitChecker::check(Checked& node) {
  const spec::NodeDeclaration& declared = *node.declared;
  check_count(node);
  check_names(node);
  if (const Value::Field* weight = common_key(declared, *node.type, "weight")) {
    check_weight(node, *weight);
  }
  if (const Value::Field* memory = common_key(declared, *node.type, "memory")) {
    check_memory(node, *memory);
  } else if (!has_faulty_limit(node)) {
    require_memory(node);
  }
}

void LimitChecker::check_count(const Checked& node) {
  const std::optional<spec::Limit>& limit = node.declared->limit;
  if (!limit || limit->faulty || !limit->names.empty()) return;
  if (!node.type->concurrent && limit->count != 1) {
    diagnostics_.error(
        limit->place,
        fmt::format("'{}' works on one item at a time, as it keeps state between them (its call "
                    "operator is not const); remove the limit, or make it 1",
                    node.type->name));
  } else if (node.type->work == abi::Work::blocks && !limit->count) {
    diagnostics_.error(limit->place,
                       fmt::format("'{}' blocks: each item in work takes a thread; say how many, "
                                   "such as 'limit: {}'",
                                   node.type->name, kBlockingThreads));
  }
}

void LimitChecker::check_names(Checked& node) {
  const std::optional<spec::Limit>& limit = node.declared->limit;
  node.planned.explicit_limit = limit.has_value();
  const bool has_names = limit && !limit->names.empty();
  if (limit && !has_names) {
    node.planned.limit = limit->count;
  } else if (!node.type->concurrent) {
    node.planned.limit = 1;
  } else if (node.type->work == abi::Work::blocks) {
    node.planned.limit = kBlockingThreads;
  }
  if (!has_names) return;
  if (node.type->work == abi::Work::computes && node.type->kind == abi::Kind::function) {
    diagnostics_.error(limit->place,
                       fmt::format("named limits are for functions that wait or block, but '{}' "
                                   "computes; give it a number of its own, such as 'limit: 4'",
                                   node.type->name));
  }
  for (const spec::LimitReference& reference : limit->names) {
    const auto found = index_.find(reference.name);
    if (found == index_.end()) continue;  // said by the reader of the file
    node.planned.limits.push_back(found->second);
    node.limits.push_back(&pipeline_.limits[found->second]);
    if (planned_[found->second].per) node.keyed.push_back(node.limits.back());
  }
  std::sort(node.planned.limits.begin(), node.planned.limits.end());
}

bool LimitChecker::has_faulty_limit(const Checked& node) const {
  const std::optional<spec::Limit>& limit = node.declared->limit;
  return (limit && limit->faulty) ||
         std::any_of(node.limits.begin(), node.limits.end(),
                     [](const LimitDeclaration* one) { return one->faulty; });
}

/// What `weight` and `memory` have in common: whether they may be there at all.
bool LimitChecker::may_take(const Checked& node, const Value::Field& key, bool has_such_a_limit) {
  if (node.type->work == abi::Work::computes) {
    diagnostics_.error(key.key_place,
                       fmt::format("'{}' is for functions that wait or block, as named limits are, "
                                   "but '{}' computes; leave it out",
                                   key.key, node.type->name));
    return false;
  }
  if (has_such_a_limit || has_faulty_limit(node)) return true;
  const std::string_view bound = key.key == "weight" ? "slots" : "memory";
  diagnostics_.error(
      key.key_place,
      fmt::format("'{}' is what an item takes of the {} of a named limit, and '{}' has no limit "
                  "with '{}'; leave it out, or name one of the file's 'limits' that has",
                  key.key, bound, node.declared->name, bound));
  return false;
}

void LimitChecker::check_weight(Checked& node, const Value::Field& weight) {
  const LimitDeclaration* limit = smallest(node.limits, &LimitDeclaration::slots);
  const Value& value = weight.value;
  if (!may_take(node, weight, limit != nullptr) || is_settled(value)) return;
  if (value.holes.empty() && (value.kind != Value::Kind::integer || value.integer < 1)) {
    diagnostics_.error(
        value.place,
        fmt::format(
            "'weight' must be a whole number of at least 1, or a text with '${{{{ item.name "
            "}}}}' that gives one, not {}{}",
            spec::described(value), spec::advice_on_quotes(value)));
    return;
  }
  if (value.holes.empty() && limit != nullptr && value.integer > *limit->slots) {
    diagnostics_.error(
        value.place,
        fmt::format("no item can be begun with 'weight: {}', as the limit '{}' has "
                    "{} slot{}; make it less, or give the limit more 'slots'",
                    value.text, limit->name, *limit->slots, *limit->slots == 1 ? "" : "s"));
    return;
  }
  node.planned.weight = read_as<Template>(value, "weight", diagnostics_);
  if (node.planned.weight) node.templates.push_back(&value);
}

void LimitChecker::check_memory(Checked& node, const Value::Field& memory) {
  const LimitDeclaration* limit = smallest(node.limits, &LimitDeclaration::memory);
  const Value& value = memory.value;
  if (!may_take(node, memory, limit != nullptr) || is_settled(value)) return;
  const std::optional<Size> size = parse_size(value.text);
  if (value.holes.empty() && (!value.is_scalar() || !size || size->bytes == 0)) {
    diagnostics_.error(
        value.place,
        fmt::format("'memory' must be a size of at least 1B, such as 512MiB, or a text with '${{{{ "
                    "item.name }}}}' that gives one, not {}",
                    spec::described(value)));
    return;
  }
  if (value.holes.empty() && limit != nullptr && size->bytes > *limit->memory) {
    diagnostics_.error(value.place,
                       fmt::format("no item can be begun with 'memory: {}', as the limit '{}' has "
                                   "{}; make it less, or give the limit more 'memory'",
                                   value.text, limit->name, format_size({*limit->memory})));
    return;
  }
  node.planned.memory = read_as<Template>(value, "memory", diagnostics_);
  if (node.planned.memory) node.templates.push_back(&value);
}

void LimitChecker::require_memory(const Checked& node) {
  if (node.type->work == abi::Work::computes) return;
  const LimitDeclaration* limit = smallest(node.limits, &LimitDeclaration::memory);
  if (limit == nullptr) return;
  diagnostics_.error(node.declared->limit->place,
                     fmt::format("the limit '{}' has 'memory', so '{}' has to say what an item "
                                 "takes of it: 'memory: 512MiB', or 'memory: ${{{{ item.memory "
                                 "}}}}'",
                                 limit->name, node.declared->name));
}

}  // namespace weir::compile
