#include "view/web/metrics.hpp"

#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

#include "view/node_counts.hpp"

namespace weir::view {
namespace {

using runtime::LimitStatus;
using runtime::NodeStatus;
using runtime::SourceStatus;
using runtime::Status;

/// A label's value may hold anything, but for these; bytes that are not UTF-8 pass.
std::string escaped(const std::string& value) {
  std::string to;
  for (const char c : value) {
    if (c == '\\') {
      to += "\\\\";
    } else if (c == '"') {
      to += "\\\"";
    } else if (c == '\n') {
      to += "\\n";
    } else {
      to += c;
    }
  }
  return to;
}

struct Family {
  const char* name;
  const char* type;
  const char* help;
};

class Text {
 public:
  void head(const Family& family) {
    name_ = family.name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", family.name, family.help, family.type);
  }
  template <class T>
  void value(const T& value) {
    text_ += fmt::format("{} {}\n", name_, value);
  }
  template <class T>
  void value(const std::string& node, const T& value) {
    text_ += fmt::format("{}{{node=\"{}\"}} {}\n", name_, escaped(node), value);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  const char* name_ = "";
};

struct OfNode {
  Family family;
  std::function<std::optional<std::int64_t>(const NodeStatus&)> value;
};

const OfNode kOfNodes[] = {
    {{"weir_items_in_total", "counter", "Items that came to a node, or that a source made."},
     [](const NodeStatus& node) { return node.in; }},
    {{"weir_items_done_total", "counter",
      "Items that a node is done with; of a queue: that have left it."},
     [](const NodeStatus& node) { return node.done; }},
    {{"weir_items_failed_total", "counter", "Items that failed at a node."},
     [](const NodeStatus& node) { return node.failed; }},
    {{"weir_items_cancelled_total", "counter", "Items that a node was not to finish any more."},
     [](const NodeStatus& node) { return node.cancelled; }},
    {{"weir_items_running", "gauge", "Items in work; of what computes: tasks."},
     [](const NodeStatus& node) { return node.running; }},
    {{"weir_items_waiting", "gauge",
      "Items that wait for their turn at a node, in the queue before it too."},
     [](const NodeStatus& node) -> std::optional<std::int64_t> {
       if (node.kind == "queue") return std::nullopt;
       return pending(node);
     }},
    {{"weir_items_backing_off", "gauge", "Items that failed and wait for their next attempt."},
     [](const NodeStatus& node) { return node.backing_off; }},
    {{"weir_queue_depth_items", "gauge", "Items that lie in a queue."},
     [](const NodeStatus& node) -> std::optional<std::int64_t> {
       if (node.kind != "queue") return std::nullopt;
       return node.waiting;
     }},
    {{"weir_limit_slots", "gauge", "Slots of a node's own limit."},
     [](const NodeStatus& node) { return node.limit; }},
};

void add_sources(Text& text, const Status& status) {
  text.head({"weir_source_in_flight_items", "gauge", "Items of a source that have not ended."});
  for (const SourceStatus& source : status.sources) text.value(source.node, source.items_in_flight);
  text.head({"weir_source_in_flight_bytes", "gauge", "Bytes of a source's items in flight."});
  for (const SourceStatus& source : status.sources) text.value(source.node, source.bytes_in_flight);
}

}  // namespace

ProcessUse process_use() {
  ProcessUse use;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    use.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  std::int64_t size = 0;
  std::int64_t resident = 0;
  if (std::ifstream("/proc/self/statm") >> size >> resident) {
    use.resident_bytes = resident * ::sysconf(_SC_PAGESIZE);
  }
  return use;
}

std::string metrics_text(const Status& status, const ProcessUse& use) {
  Text text;
  for (const OfNode& of : kOfNodes) {
    text.head(of.family);
    for (const NodeStatus& node : status.nodes) {
      if (const auto value = of.value(node)) text.value(node.name, *value);
    }
  }
  add_sources(text, status);
  text.head({"weir_run_seconds", "gauge", "Seconds since the run began."});
  text.value(status.seconds);
  text.head({"weir_threads", "gauge", "Worker threads of the run."});
  text.value(status.threads);
  text.head({"process_cpu_seconds_total", "counter", "CPU time of weir itself, without commands."});
  text.value(use.cpu_seconds);
  text.head({"process_resident_memory_bytes", "gauge", "Memory of weir itself that is resident."});
  text.value(use.resident_bytes);
  return text.take();
}

}  // namespace weir::view
