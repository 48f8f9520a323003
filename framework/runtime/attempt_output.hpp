#pragma once

/// What the commands of one attempt write, for those who watch the run.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "io/reactor.hpp"
#include "journal/secrets.hpp"
#include "runtime/observer.hpp"

namespace weir::runtime {

/// The last line of a text that comes in pieces. Of long lines the beginning.
class LastLine {
 public:
  static constexpr std::size_t kMost = 200;  ///< bytes

  /// '\r' ends a line too: progress bars use it.
  void feed(std::string_view bytes);
  /// The one that is being written, or else the last one with anything but blanks in it.
  const std::string& text() const { return is_blank(open_) ? closed_ : open_; }

 private:
  static bool is_blank(const std::string& line);
  void add(std::string_view piece);

  std::string open_;
  std::string closed_;
};

/// Secrets are masked in all that is seen of it. For the reactor's thread, and then for whoever
/// ends the attempt.
class AttemptOutput {
 public:
  /// `secrets` may be null; `tap` too: then there is the last line only.
  AttemptOutput(const journal::Secrets* secrets, std::unique_ptr<OutputTap> tap);

  /// `is_data`: it is not for people, unless nothing else is there for the last line. Throws
  /// std::bad_alloc.
  void wrote(io::Stream stream, std::string_view bytes, bool is_data);
  /// The last line of what was written last.
  const std::string& last_line() const { return lines_[last_].text(); }
  /// Nothing more comes. True: people have been shown what a failure would show of it.
  bool close();

 private:
  void pass_on(std::size_t stream, std::string_view bytes, bool is_data);

  std::array<std::optional<journal::Masker>, 2> maskers_;
  std::array<LastLine, 2> lines_;
  std::array<bool, 2> is_data_{};
  std::array<bool, 2> any_{};
  std::size_t last_ = 0;
  std::unique_ptr<OutputTap> tap_;
};

}  // namespace weir::runtime
