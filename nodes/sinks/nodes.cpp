#include <cmath>
#include <string>
#include <string_view>
#include <utility>

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

struct LinesSink {
  std::string path;

  static void describe(Describe<LinesSink>& d) {
    d.node("lines", "Writes each item's text as a line of a file.");
    d.needs_text();
    d.param<&LinesSink::path>(
         "path",
         "The file; '-' is standard output. It gets its name when the run has come to its end.")
        .required()
        .not_empty()
        .output_file();
  }

  void start() { writer_.open(path); }
  void operator()(Item item) {
    if (const auto* text = item.as<std::string_view>()) return add(*text);
    append_whole(item, writer_.buffer());
    writer_.buffer() += '\n';
  }
  void after_batch(Host& host) {
    write_row();
    writer_.flush(host);
  }
  void finish(Outcome outcome, Host& host) { writer_.finish(outcome, host); }

 private:
  /// Lines that lie one behind the other, with a newline between them, as those of a file do that
  /// was read: they are written as one piece.
  void add(std::string_view line) {
    const char* const row_end = row_.data() + row_.size();
    if (!row_.empty() && line.data() == row_end + 1 && *row_end == '\n') {
      row_ = {row_.data(), row_.size() + 1 + line.size()};
    } else {
      write_row();
      row_ = line;
      if (line.empty()) writer_.buffer() += '\n';
    }
  }
  void write_row() {
    if (row_.empty()) return;
    writer_.buffer() += std::exchange(row_, {});
    writer_.buffer() += '\n';
  }

  FileWriter writer_;
  std::string_view row_;  // into the items of the batch in hand
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
  void operator()(Item item) {
    append_json(item, writer_.buffer());
    writer_.buffer() += '\n';
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

WEIR_NODES(sink_nodes, "sinks", Print, LinesSink, JsonLines, Count, Discard)

}  // namespace weir::nodes
