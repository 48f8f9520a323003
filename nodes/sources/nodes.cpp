#include <algorithm>
#include <cerrno>
#include <cstring>
#include <glob.h>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <weir/node.hpp>
#include <weir/record.hpp>

#include "nodes/sources/line_reader.hpp"

namespace weir::nodes {
namespace {

struct Range {
  std::int64_t to = 0;
  std::int64_t start = 1;
  std::int64_t step = 1;

  static void describe(Describe<Range>& d) {
    d.node("range", "Gives out whole numbers, from `start` to `to`, both included.");
    d.param<&Range::to>("to", "The last number.").required();
    d.param<&Range::start>("start", "The first number.");
    d.param<&Range::step>("step", "From one number to the next; may be negative.");
  }

  void validate() const {
    if (step == 0) throw std::invalid_argument("'step' must not be 0");
  }

  std::optional<std::int64_t> total() const {
    if (step > 0 ? start > to : start < to) return 0;
    // Unsigned, as it may be more than there are positive numbers.
    const auto from = static_cast<std::uint64_t>(step > 0 ? start : to);
    const auto until = static_cast<std::uint64_t>(step > 0 ? to : start);
    const auto magnitude =
        step > 0 ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
    const std::uint64_t steps = (until - from) / magnitude;
    if (steps >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(steps) + 1;
  }

  std::optional<std::int64_t> next() {
    if (!begun_) {
      begun_ = true;
      at_ = start;
    } else if (__builtin_add_overflow(at_, step, &at_)) {
      return std::nullopt;
    }
    if (step > 0 ? at_ > to : at_ < to) return std::nullopt;
    return at_;
  }

 private:
  bool begun_ = false;
  std::int64_t at_ = 0;
};

/// Items of one type: bool, int, float (also where ints are among them), record, or else text.
struct List {
  Value items;

  static void describe(Describe<List>& d) {
    d.node("list", "Gives out the items that are written in the file.");
    d.param<&List::items>("items",
                          "A list: of bools, ints, floats or texts (a mixture of them: as texts), "
                          "or of maps and lists (records).")
        .required();
  }

  void validate() const {
    if (items.kind != Value::Kind::list) abi::expected(items, "a list, [a, b, …]");
    bool scalars = false;
    bool records = false;
    for (const Value& item : items.items) {
      if (item.kind == Value::Kind::null) throw BadValue(item.place, "an item can't be null");
      (item.is_scalar() ? scalars : records) = true;
      if (scalars && records) {
        throw BadValue(item.place, "the items must be all scalars, or all maps and lists");
      }
    }
  }

  std::string output_type(std::string_view /*input*/) const {
    std::optional<Value::Kind> common;
    for (const Value& item : items.items) {
      if (!item.is_scalar()) return "record";
      if (!common) {
        common = item.kind;
      } else if (*common != item.kind) {
        if (!is_number(*common) || !is_number(item.kind)) return "text";
        common = Value::Kind::number;
      }
    }
    switch (common.value_or(Value::Kind::text)) {
      case Value::Kind::boolean:
        return "bool";
      case Value::Kind::integer:
        return "int";
      case Value::Kind::number:
        return "float";
      default:
        return "text";
    }
  }

  void start() { type_ = output_type({}); }
  std::optional<std::int64_t> total() const {
    return static_cast<std::int64_t>(items.items.size());
  }

  std::optional<Item> next() {
    if (at_ == items.items.size()) return std::nullopt;
    const Value& value = items.items[at_++];
    if (type_ == "bool") return Item::of(value.boolean);
    if (type_ == "int") return Item::of(value.integer);
    if (type_ == "float") return Item::of(value.number);
    if (type_ == "record") return Item::of(to_record(value));
    return Item::of(value.text);
  }

 private:
  static bool is_number(Value::Kind kind) {
    return kind == Value::Kind::integer || kind == Value::Kind::number;
  }

  std::size_t at_ = 0;
  std::string type_;
};

struct LinesSource {
  std::string path;

  static void describe(Describe<LinesSource>& d) {
    d.node("lines", "Gives out the lines of a file, without their newlines.");
    d.param<&LinesSource::path>("path", "The file; '-' is standard input.").required().not_empty();
  }

  bool blocking() const {
    struct stat about {};
    return path == "-" || (stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode));
  }

  void start() { reader_.open(path); }

  bool next(Out<std::string_view>& out, Host& host) {
    std::string_view line;
    while (!reader_.buffered(line)) {
      if (!reader_.fill(host)) return false;
    }
    // A batch at a time; what is left has been read, so the next call doesn't block for it.
    std::uint32_t room = out.room();
    // A view keeps the whole block: few lines are better copied out of it.
    const bool copied = room < kFew;
    do {
      if (copied) {
        out(line);
      } else {
        out.give(reader_.buffer(), line);
      }
    } while (--room != 0 && reader_.buffered(line));
    return true;
  }

 private:
  static constexpr std::uint32_t kFew = 256;

  LineReader reader_;
};

struct Glob {
  std::string pattern;

  static void describe(Describe<Glob>& d) {
    d.node("glob", "Gives out the paths that match a pattern, in alphabetical order.");
    d.param<&Glob::pattern>("pattern", "As in a shell: 'images/*.tar', '{a,b}?.txt'.")
        .required()
        .not_empty();
  }

  void start(Host& host) {
    glob_t found{};
    std::string unreadable;
    unreadable_ = &unreadable;
    const int result = ::glob(pattern.c_str(), GLOB_BRACE, note_unreadable, &found);
    for (std::size_t i = 0; result == 0 && i < found.gl_pathc; ++i) {
      paths_.emplace_back(found.gl_pathv[i]);
    }
    globfree(&found);
    if (result == GLOB_NOSPACE) throw std::bad_alloc();
    if (result == GLOB_ABORTED) throw std::runtime_error("can't read " + unreadable);
    if (result == GLOB_NOMATCH) host.note("nothing matches '" + pattern + "'");
    std::sort(paths_.begin(), paths_.end());  // braces give several sorted rows
  }

  std::optional<std::int64_t> total() const { return static_cast<std::int64_t>(paths_.size()); }

  std::optional<std::string> next() {
    if (at_ == paths_.size()) return std::nullopt;
    return std::move(paths_[at_++]);
  }

 private:
  /// What lies in a folder that can't be read would be missing in silence.
  static int note_unreadable(const char* path, int error) {
    if (error == ENOENT || error == ENOTDIR) return 0;
    *unreadable_ = "'" + std::string(path) + "': " + std::strerror(error);
    return 1;
  }

  /// glob(3) gives its callback no way to pass anything on.
  static thread_local std::string* unreadable_;

  std::vector<std::string> paths_;
  std::size_t at_ = 0;
};

thread_local std::string* Glob::unreadable_ = nullptr;

}  // namespace

WEIR_NODES(source_nodes, "sources", Range, List, LinesSource, Glob)

}  // namespace weir::nodes
