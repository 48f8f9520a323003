#include <cmath>
#include <string>

#include <weir/node.hpp>
#include <weir/record.hpp>

#include "nodes/sinks/file_writer.hpp"

namespace weir::nodes {
namespace {

/// A text that throws half way leaves no half line.
void append_whole(const Item& item, std::string& to) {
  const std::size_t before = to.size();
  try {
    item.append_text(to);
  } catch (...) {
    to.resize(before);
    throw;
  }
}

struct Print {
  static void describe(Describe<Print>& d) {
    d.node("print", "Writes each item's text as a line on standard output.");
    d.needs_text();
  }

  void operator()(Item item, Host& host) {
    append_whole(item, buffer_);
    buffer_ += '\n';
    if (buffer_.size() >= kBlock) after_batch(host);
  }
  void after_batch(Host& host) {
    host.print(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{64} << 10;
  std::string buffer_;
};

struct Lines {
  std::string path;

  static void describe(Describe<Lines>& d) {
    d.node("lines", "Writes each item's text as a line of a file.");
    d.needs_text();
    d.param<&Lines::path>(
         "path",
         "The file; '-' is standard output. It gets its name when the run has come to its end.")
        .required()
        .not_empty()
        .output_file();
  }

  void start() { writer_.open(path); }
  void operator()(Item item, Host& host) {
    append_whole(item, writer_.buffer());
    writer_.line_ends(host);
  }
  void after_batch(Host& host) { writer_.flush(host); }
  void finish(Outcome outcome, Host& host) { writer_.finish(outcome, host); }

 private:
  FileWriter writer_;
};

struct JsonLines {
  std::string path;

  static void describe(Describe<JsonLines>& d) {
    d.node("jsonl", "Writes each item as JSON, on a line of a file.");
    d.needs_text();
    d.param<&JsonLines::path>(
         "path",
         "The file; '-' is standard output. It gets its name when the run has come to its end.")
        .required()
        .not_empty()
        .output_file();
  }

  void start() { writer_.open(path); }
  void operator()(Item item, Host& host) {
    append_json(item, writer_.buffer());
    writer_.line_ends(host);
  }
  void after_batch(Host& host) { writer_.flush(host); }
  void finish(Outcome outcome, Host& host) { writer_.finish(outcome, host); }

 private:
  static void append_json(const Item& item, std::string& to) {
    if (const auto* number = item.as<double>(); number != nullptr && !std::isfinite(*number)) {
      to += "null";
    } else if (item.type() == "int" || item.type() == "float" || item.type() == "bool" ||
               item.type() == "record") {
      item.append_text(to);
    } else {
      Type<Record>::text(Record(item.text()), to);
    }
  }

  FileWriter writer_;
};

struct Count {
  static void describe(Describe<Count>& d) {
    d.node("count", "Counts the items and prints the total on standard output at the end.");
  }

  void operator()(Item /*item*/) { ++total_; }
  void finish(Outcome /*outcome*/, Host& host) { host.print(std::to_string(total_) + "\n"); }

 private:
  std::int64_t total_ = 0;
};

struct Discard {
  static void describe(Describe<Discard>& d) {
    d.node("discard", "Takes items and does nothing with them.");
  }

  void operator()(Item /*item*/) const {}
};

}  // namespace

WEIR_NODES(sink_nodes, "sinks", Print, Lines, JsonLines, Count, Discard)

}  // namespace weir::nodes
