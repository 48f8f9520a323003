#include "compile/failures.hpp"

#include <fmt/format.h>
#include <re2/re2.h>
#include <string_view>
#include <vector>

#include "compile/typed.hpp"

namespace weir::compile {
namespace {

class FailureKeys {
 public:
  FailureKeys(Checked& node, spec::Diagnostics& diagnostics)
      : node_(node),
        declared_(*node.declared),
        type_(*node.type),
        planned_(node.planned),
        diagnostics_(diagnostics) {}

  void check() {
    planned_.on_failure = {declared_.on_failure.items, declared_.on_failure.percent};
    if (declared_.timeout) {
      require_that_it_can_be_cut_off("timeout", declared_.timeout->place);
      planned_.timeout = declared_.timeout->time;
    }
    if (declared_.retry) check_retry(*declared_.retry);
    if (declared_.throttle) check_throttle(*declared_.throttle);
    if (declared_.on_cancel) check_on_cancel(*declared_.on_cancel);
  }

 private:
  void require_that_it_can_be_cut_off(std::string_view key, Place place) {
    if (type_.work == abi::Work::waits) return;
    error(place,
          fmt::format("'{}' is for functions that wait: '{}' {}, and can't be cut off; leave "
                      "it out",
                      key, type_.name, type_.work == abi::Work::blocks ? "blocks" : "computes"));
  }

  void check_retry(const spec::Retry& retry) {
    if (type_.work == abi::Work::computes) {
      error(retry.place, fmt::format("'retry' is for functions that wait or block: '{}' computes, "
                                     "and would fail in the same way again; leave it out",
                                     type_.name));
    }
    check(retry.match);
    planned_.retry = {retry.attempts, retry.first, retry.longest, retry.statuses, retry.match.text};
  }

  void check_throttle(const spec::Throttle& throttle) {
    const std::optional<spec::Limit>& limit = declared_.limit;
    if (type_.work == abi::Work::computes) {
      error(throttle.place, fmt::format("'throttle' is for functions that wait or block, but '{}' "
                                        "computes; leave it out",
                                        type_.name));
    } else if (!limit || (!limit->faulty && !limit->count && limit->names.empty())) {
      error(throttle.place,
            fmt::format("'throttle' pauses the limit of a function, and '{}' has none; give it a "
                        "'limit', a number or a name",
                        declared_.name));
    }
    check(throttle.match);
    planned_.throttle = {throttle.match.text, throttle.pause};
  }

  void check(const spec::Pattern& pattern) {
    if (pattern.text.empty()) return;
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 compiled(pattern.text, options);
    if (compiled.ok()) return;
    error(pattern.place, fmt::format("'match': '{}' is no regular expression: {}", pattern.text,
                                     compiled.error()));
  }

  void check_on_cancel(const Value::Field& on_cancel) {
    require_that_it_can_be_cut_off("on_cancel", on_cancel.key_place);
    auto argv = read_as<std::vector<Template>>(on_cancel.value, "on_cancel", diagnostics_);
    if (!argv) return;
    if (argv->empty() || argv->front().empty()) {
      error(argv->empty() ? on_cancel.value.place : on_cancel.value.items.front().place,
            "'on_cancel' has no program; write a program and its arguments, such as [docker, rm, "
            "-f, \"${{ item }}\"]");
      return;
    }
    for (std::size_t i = 0; i < argv->size(); ++i) {
      if ((*argv)[i].source().find('\0') == std::string::npos) continue;
      error(on_cancel.value.items[i].place,
            fmt::format("'on_cancel': element {} has a NUL byte in it, which no argument can have",
                        i + 1));
    }
    planned_.on_cancel = std::move(*argv);
    node_.templates.push_back(&on_cancel.value);
  }

  void error(Place place, std::string message) { diagnostics_.error(place, std::move(message)); }

  Checked& node_;
  const spec::NodeDeclaration& declared_;
  const abi::NodeType& type_;
  PlannedNode& planned_;
  spec::Diagnostics& diagnostics_;
};

}  // namespace

void check_failure_keys(Checked& node, spec::Diagnostics& diagnostics) {
  FailureKeys(node, diagnostics).check();
}

}  // namespace weir::compile
