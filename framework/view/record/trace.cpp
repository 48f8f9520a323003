#include "view/record/trace.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "view/record/account.hpp"
#include "view/record/lanes.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPiece = std::size_t{64} << 10U;
constexpr std::size_t kMostArrows = 20'000;
constexpr std::size_t kLongestSpanText = 120;
/// Threads of workers come behind those of items.
constexpr std::size_t kWorkers = 1'000'000;

std::string json_text(std::string_view text) {
  return Json(one_line(text, kLongestSpanText))
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// In microseconds, to the nanosecond.
std::string time(Recording::Time ns) {
  return fmt::format("{}{}.{:03}", ns < 0 ? "-" : "", std::abs(ns) / 1000, std::abs(ns) % 1000);
}

std::string_view state_of(const Recording::Attempt& attempt) {
  return attempt.cut_off ? "cut off" : journal::to_string(attempt.state);
}

class Writer {
 public:
  Writer(const Recording& recording, const TraceSink& sink)
      : recording_(recording), account_(recording), lanes_(lanes_of(recording)), sink_(sink) {}

  void write() {
    text_ = fmt::format("{}{},\"run\":{},\"state\":{},\"started_ns\":{}}},\n\"traceEvents\":[",
                        kTraceBegin, json_text(recording_.graph.name), json_text(recording_.id),
                        json_text(recording_.state), recording_.started_ns);
    write_names();
    write_runs();
    write_items();
    write_counters();
    write_batches();
    text_ += "\n]}\n";
    sink_(text_);
  }

 private:
  template <class... Args>
  void event(fmt::format_string<Args...> format, Args&&... args) {
    text_ += is_first_ ? "\n{" : ",\n{";
    is_first_ = false;
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '}';
    if (text_.size() < kPiece) return;
    sink_(text_);
    text_.clear();
  }

  void name(std::string_view what, std::size_t process, std::size_t thread, std::string_view name) {
    event(R"("ph":"M","name":"{}","pid":{},"tid":{},"args":{{"name":{}}})", what, process, thread,
          json_text(name));
  }

  void write_names() {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      name("process_name", i + 1, 0, recording_.graph.nodes[i].name);
      event(R"("ph":"M","name":"process_sort_index","pid":{},"tid":0,"args":{{"sort_index":{}}})",
            i + 1, i);
      for (std::size_t lane = 0; lane < lanes_[i].size(); ++lane) {
        name("thread_name", i + 1, lane + 1, fmt::format("slot {}", lane + 1));
      }
    }
  }

  void write_runs() {
    first_lanes_.resize(recording_.items.size());
    last_lanes_.resize(recording_.items.size());
    for (std::size_t node = 0; node < lanes_.size(); ++node) {
      for (std::size_t lane = 0; lane < lanes_[node].size(); ++lane) {
        for (const LaneSpan& span : lanes_[node][lane]) write_run(node, lane, span);
      }
    }
  }

  void write_run(std::size_t node, std::size_t lane, const LaneSpan& span) {
    const Recording::Item& item = recording_.items[span.item];
    const Recording::Attempt& attempt = item.attempts[span.attempt];
    if (span.attempt == 0) first_lanes_[span.item] = lane;
    if (span.attempt + 1 == item.attempts.size()) last_lanes_[span.item] = lane;
    std::string more;
    if (attempt.status) more += fmt::format(",\"status\":{}", *attempt.status);
    if (attempt.cpu) more += fmt::format(",\"cpu_ms\":{}", static_cast<double>(*attempt.cpu) / 1e6);
    if (!attempt.error.empty()) more += ",\"error\":" + json_text(attempt.error);
    event(
        R"("ph":"X","cat":"run","name":{},"pid":{},"tid":{},"ts":{},"dur":{},"args":{{"item":{},"number":{},"attempt":{},"state":"{}"{}}})",
        json_text(item.text), node + 1, lane + 1, time(span.begin),
        time(std::max<Recording::Time>(0, span.end - span.begin)), span.item, item.seq,
        attempt.number, state_of(attempt), more);
  }

  /// The item's whole time, and in it what it waited for.
  void write_items() {
    const bool has_arrows = recording_.items.size() <= kMostArrows;
    for (std::size_t i = 0; i < recording_.items.size(); ++i) {
      const Recording::Item& item = recording_.items[i];
      const std::vector<Part> parts = account_.parts(item);
      if (parts.empty()) continue;
      const auto step = [&](char phase, Recording::Time at, std::string_view name) {
        event(R"("ph":"{}","cat":"item","name":{},"id":{},"pid":{},"tid":0,"ts":{})", phase,
              json_text(name), i, item.node + 1, time(at));
      };
      step('b', parts.front().begin, item.text);
      for (const Part& part : parts) {
        if (part.cause.kind == Cause::Kind::run) continue;
        const std::string cause = to_string(part.cause);
        step('b', part.begin, cause);
        step('e', part.end, cause);
      }
      step('e', parts.back().end, item.text);
      if (has_arrows && item.parent != Recording::kNone) write_arrow(i);
    }
  }

  void write_arrow(std::size_t number) {
    const Recording::Item& item = recording_.items[number];
    const Recording::Item& parent = recording_.items[item.parent];
    const Recording::Attempt& from = parent.attempts.back();
    // It starts and ends inside of what ran.
    event(R"("ph":"s","cat":"item","name":"came of","id":{},"pid":{},"tid":{},"ts":{})", number,
          parent.node + 1, last_lanes_[item.parent] + 1,
          time(std::max(from.started, from.ended - 1)));
    event(R"("ph":"f","bp":"e","cat":"item","name":"came of","id":{},"pid":{},"tid":{},"ts":{})",
          number, item.node + 1, first_lanes_[number] + 1, time(item.attempts.front().started));
  }

  void write_counters() {
    for (const Recording::Sample& sample : recording_.samples) {
      for (std::size_t i = 0; i < sample.nodes.size(); ++i) {
        const Recording::Sample::Node& node = sample.nodes[i];
        event(
            R"("ph":"C","name":"items","pid":{},"tid":0,"ts":{},"args":{{"running":{},"waiting":{},"queued":{},"backing off":{}}})",
            i + 1, time(std::max<Recording::Time>(0, sample.at)), node.running, node.waiting,
            node.queued, node.backing_off);
      }
    }
  }

  void write_batches() {
    std::set<std::pair<std::size_t, int>> named;
    for (const Recording::Batch& batch : recording_.batches) {
      const std::size_t thread = kWorkers + static_cast<std::size_t>(batch.worker);
      if (named.emplace(batch.node, batch.worker).second) {
        name("thread_name", batch.node + 1, thread,
             fmt::format("worker {} (some of its tasks)", batch.worker + 1));
      }
      event(
          R"("ph":"X","cat":"task","name":"{} items","pid":{},"tid":{},"ts":{},"dur":{},"args":{{"items":{}}})",
          batch.items, batch.node + 1, thread, time(batch.began),
          time(std::max<Recording::Time>(0, batch.ended - batch.began)), batch.items);
    }
  }

  const Recording& recording_;
  const Account account_;
  const std::vector<std::vector<Lane>> lanes_;
  const TraceSink& sink_;
  std::vector<std::size_t> first_lanes_;  // of each item's first attempt
  std::vector<std::size_t> last_lanes_;   // of its last
  std::string text_;
  bool is_first_ = true;
};

}  // namespace

void write_trace(const Recording& recording, const TraceSink& sink) {
  Writer(recording, sink).write();
}

}  // namespace weir::view
