#include "view/terminal/item_output.hpp"

#include <array>
#include <fmt/format.h>
#include <utility>

#include "io/reactor.hpp"
#include "view/terminal/shown_line.hpp"
#include "view/terminal/spill.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

constexpr std::size_t kItemWidth = 120;

std::string name_of(std::string_view node, std::string_view item, std::int64_t attempt) {
  std::string to = fmt::format("[{} {}", node, one_line(item, kItemWidth));
  if (attempt > 1) to += fmt::format(", attempt {}", attempt);
  return to + "]";
}

class Lines final : public runtime::OutputTap {
 public:
  Lines(Console& console, bool keeps_colours, std::string name)
      : console_(console), keeps_colours_(keeps_colours), name_(std::move(name) + " ") {}
  ~Lines() override {
    try {
      std::string lines;
      for (LineSplitter& splitter : splitters_) splitter.finish(adding_to(lines));
      if (!lines.empty()) console_.error(lines);
    } catch (const std::exception&) {
      // No memory for the last line.
    }
  }

  void wrote(io::Stream stream, std::string_view bytes) noexcept override {
    try {
      std::string lines;
      splitters_[static_cast<std::size_t>(stream)].feed(bytes, adding_to(lines));
      if (!lines.empty()) console_.error(lines);
    } catch (const std::exception&) {
      // No memory for it: the log has it.
    }
  }

 private:
  LineSplitter::Line adding_to(std::string& lines) const {
    return [this, &lines](std::string_view line) {
      lines += name_ + shown_line(line, keeps_colours_) + "\n";
    };
  }

  Console& console_;
  const bool keeps_colours_;
  const std::string name_;
  std::array<LineSplitter, 2> splitters_;
};

class Group final : public runtime::OutputTap {
 public:
  Group(Console& console, bool keeps_colours, std::string name)
      : console_(console), keeps_colours_(keeps_colours), name_(std::move(name)) {}
  ~Group() override {
    if (written_.empty()) return;
    console_.error([this] { return next(); });
  }

  void wrote(io::Stream /*stream*/, std::string_view bytes) noexcept override {
    try {
      written_.write(bytes);
    } catch (const std::exception&) {
      // No memory for it: the log has it.
    }
  }

 private:
  std::string next() {
    std::string lines = std::exchange(name_, "");
    if (!lines.empty()) lines += "\n";
    const LineSplitter::Line add = [&](std::string_view line) {
      lines += shown_line(line, keeps_colours_) + "\n";
    };
    do {
      const std::string piece = written_.read();
      splitter_.feed(piece, add);
      if (!piece.empty()) continue;
      splitter_.finish(add);
      if (written_.lost() != 0 && !std::exchange(is_loss_said_, true)) {
        lines += fmt::format("({} bytes more could not be kept)\n", written_.lost());
      }
      break;
    } while (lines.empty());
    return lines;
  }

  Console& console_;
  const bool keeps_colours_;
  std::string name_;
  Spill written_;
  LineSplitter splitter_;
  bool is_loss_said_ = false;
};

}  // namespace

std::unique_ptr<runtime::OutputTap> output_tap(OutputMode mode, Console& console,
                                               bool keeps_colours, std::string_view node,
                                               std::string_view item, std::int64_t attempt) {
  switch (mode) {
    case OutputMode::group:
      return std::make_unique<Group>(console, keeps_colours, name_of(node, item, attempt));
    case OutputMode::line:
      return std::make_unique<Lines>(console, keeps_colours, name_of(node, item, attempt));
    case OutputMode::none:
      break;
  }
  return nullptr;
}

}  // namespace weir::view
