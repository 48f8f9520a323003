#include "view/terminal/events.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "io/reactor.hpp"
#include "journal/time.hpp"
#include "view/node_counts.hpp"
#include "view/status_json.hpp"
#include "view/summary.hpp"
#include "view/terminal/shown_line.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

/// `fill` adds its fields.
template <class Fill>
void write_event(Console& console, const char* event, Fill&& fill) {
  Json json = {{"event", event}, {"time", journal::iso_time(journal::now_ns())}};
  fill(json);
  console.error(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// Lines as they come: nothing is held but the one that is being written.
class OutputEvents final : public runtime::OutputTap {
 public:
  OutputEvents(Console& console, std::string_view node, std::string_view item, std::int64_t attempt)
      : console_(console), node_(node), item_(item), attempt_(attempt) {}
  ~OutputEvents() override {
    try {
      for (std::size_t i = 0; i < splitters_.size(); ++i) splitters_[i].finish(writing(i));
    } catch (const std::exception&) {
      // No memory for the last line.
    }
  }

  void wrote(io::Stream stream, std::string_view bytes) noexcept override {
    const auto i = static_cast<std::size_t>(stream);
    try {
      splitters_[i].feed(bytes, writing(i));
    } catch (const std::exception&) {
      // No memory for it: the log has it.
    }
  }

 private:
  LineSplitter::Line writing(std::size_t stream) const {
    return [this, stream](std::string_view line) {
      const bool is_out = stream == static_cast<std::size_t>(io::Stream::out);
      write_event(console_, "output", [&](Json& json) {
        json["node"] = node_;
        json["item"] = item_;
        json["attempt"] = attempt_;
        json["stream"] = is_out ? "stdout" : "stderr";
        json["line"] = line;
      });
    };
  }

  Console& console_;
  const std::string node_;
  const std::string item_;
  const std::int64_t attempt_;
  std::array<LineSplitter, 2> splitters_;
};

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

Json to_json(const Failure& failure) {
  return {{"error", failure.error},
          {"command", failure.command},
          {"status", failure.status},
          {"output", failure.output}};
}

Json counts_of(const runtime::NodeStatus& node) {
  return {{"in", node.in},
          {"done", node.done},
          {"failed", node.failed},
          {"cancelled", node.cancelled},
          {"running", node.running},
          {"waiting", pending(node)},
          {"backing_off", node.backing_off}};
}

}  // namespace

template <class Fill>
void EventProgress::write(const char* event, Fill&& fill) noexcept {
  try {
    write_event(console_, event, fill);
  } catch (const std::exception&) {
    // No memory for an event: the summary has the counts.
  }
}

void EventProgress::started(const std::string& pipeline) noexcept {
  write("run_started", [&](Json& json) {
    json["weir"] = 1;
    json["pipeline"] = pipeline;
    json["id"] = text_or_null(options_.id);
    json["run"] = text_or_null(options_.run);
  });
}

void EventProgress::progress(const runtime::Status& status) noexcept {
  write("progress", [&](Json& json) {
    json["seconds"] = status.seconds;
    json["state"] = state_of(status);
    Json& nodes = json["nodes"] = Json::object();
    for (const runtime::NodeStatus& node : status.nodes) nodes[node.name] = counts_of(node);
  });
}

void EventProgress::ended(const RunSummary& summary) noexcept {
  write("run_ended", [&](Json& json) { json["summary"] = view::to_json(summary); });
}

void EventProgress::attempt_failed(const runtime::FailedAttempt& attempt) noexcept {
  write("attempt_failed", [&](Json& json) {
    json["node"] = attempt.node;
    json["attempt"] = attempt.attempt;
    json["attempts"] = attempt.attempts;
    json["seconds"] = attempt.seconds;
    json["item"] = attempt.item;
    json["id"] = text_or_null(attempt.id);
    json["failure"] = to_json(*attempt.failure);
    json["wait"] = attempt.wait ? Json(*attempt.wait) : Json(nullptr);
  });
}

void EventProgress::item_ended(const runtime::ItemEnd& end) noexcept {
  write("item_ended", [&](Json& json) {
    json["node"] = end.node;
    json["end"] = to_string(end.end);
    json["seconds"] = end.seconds;
    json["item"] = end.item;
    if (end.failure == nullptr) return;
    json["attempts"] = end.attempts;
    json["id"] = text_or_null(end.id);
    json["log"] = text_or_null(end.log);
    json["failure"] = to_json(*end.failure);
  });
}

void EventProgress::note(std::string_view node, std::string_view line) noexcept {
  write("note", [&](Json& json) {
    json["node"] = text_or_null(node);
    json["text"] = line;
  });
}

std::unique_ptr<runtime::OutputTap> EventProgress::tap(std::string_view node, std::string_view item,
                                                       std::int64_t attempt) noexcept {
  if (!options_.shows_output) return nullptr;
  try {
    return std::make_unique<OutputEvents>(console_, node, item, attempt);
  } catch (const std::exception&) {
    return nullptr;
  }
}

}  // namespace weir::view
