#include "view/record/check_trace.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace weir::view {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostProblems = 20;
/// Times are microseconds in floating point: a nanosecond, rounded.
constexpr double kNothing = 0.0015;

struct Span {
  double begin = 0;
  double end = 0;
};

class Checker {
 public:
  TraceCheck check(std::string_view text) {
    try {
      const Json trace = Json::parse(text);
      for (const Json& event : trace.at("traceEvents")) take(event);
      check_threads();
      check_items();
    } catch (const Json::exception& error) {
      problem(error.what());
    }
    return std::move(result_);
  }

 private:
  /// What happens to an item at its node.
  struct Item {
    std::vector<double> begun;  // that have not ended
    double whole = 0;
    double parts = 0;
  };
  using Place = std::pair<std::int64_t, std::int64_t>;

  void problem(std::string text) {
    if (result_.problems.size() < kMostProblems) result_.problems.push_back(std::move(text));
  }

  void take(const Json& event) {
    ++result_.events;
    const std::string phase = event.at("ph").get<std::string>();
    if (phase == "M") return;
    const auto at = event.at("ts").get<double>();
    if (at < 0) problem(fmt::format("an event is at {} µs, before the run", at));
    const Place place{event.at("pid").get<std::int64_t>(), event.at("tid").get<std::int64_t>()};
    if (phase == "X") return take_span(event, place, at);
    if (phase == "b" || phase == "e") return take_step(event, phase == "b", at);
    if (phase != "C") return;
    for (const auto& [name, value] : event.at("args").items()) {
      if (value.get<double>() < 0) problem(fmt::format("a counter '{}' is negative", name));
    }
  }

  void take_span(const Json& event, const Place& place, double at) {
    const auto took = event.at("dur").get<double>();
    if (took < 0) problem(fmt::format("a span at {} µs takes {} µs", at, took));
    threads_[place].push_back({at, at + took});
    if (event.at("cat") != "run") return;
    items_[event.at("args").at("item").get<std::int64_t>()].parts += took;
  }

  void take_step(const Json& event, bool begins, double at) {
    const auto number = event.at("id").get<std::int64_t>();
    Item& item = items_[number];
    if (begins) return item.begun.push_back(at);
    if (item.begun.empty()) return problem(fmt::format("item {} ends twice", number));
    const double took = at - item.begun.back();
    item.begun.pop_back();
    if (took < 0) problem(fmt::format("item {} takes {} µs", number, took));
    (item.begun.empty() ? item.whole : item.parts) += took;
  }

  void check_threads() {
    for (auto& [place, spans] : threads_) {
      std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
      });
      std::vector<double> open;  // ends of those around
      for (const Span& span : spans) {
        while (!open.empty() && open.back() <= span.begin + kNothing) open.pop_back();
        if (!open.empty() && span.end > open.back() + kNothing) {
          problem(fmt::format("in thread {} of process {}, spans overlap at {} µs", place.second,
                              place.first, span.begin));
        }
        open.push_back(span.end);
      }
    }
  }

  void check_items() {
    for (const auto& [number, item] : items_) {
      if (!item.begun.empty()) problem(fmt::format("item {} does not end", number));
      if (std::abs(item.whole - item.parts) > std::max(item.whole / 100, 10 * kNothing)) {
        problem(fmt::format("item {} takes {} µs, but its parts {} µs", number, item.whole,
                            item.parts));
      }
    }
    result_.items = items_.size();
  }

  TraceCheck result_;
  std::map<Place, std::vector<Span>> threads_;
  std::map<std::int64_t, Item> items_;
};

}  // namespace

TraceCheck check_trace(std::string_view json) { return Checker().check(json); }

}  // namespace weir::view
