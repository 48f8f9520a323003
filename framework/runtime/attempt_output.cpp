#include "runtime/attempt_output.hpp"

#include <algorithm>
#include <utility>

namespace weir::runtime {

void LastLine::feed(std::string_view bytes) {
  // What is far from the end is in no last line, unless the end is a long line.
  constexpr std::size_t kLookedAt = 4 * kMost;
  if (bytes.size() > kLookedAt) {
    add(bytes.substr(0, bytes.find_first_of("\r\n")));
    const std::size_t end = bytes.find_last_of("\r\n", bytes.size() - kLookedAt);
    if (end != bytes.npos) {
      open_.clear();
      bytes.remove_prefix(end + 1);
    }
  }
  while (!bytes.empty()) {
    const std::size_t length = bytes.find_first_of("\r\n");
    add(bytes.substr(0, length));
    if (length == bytes.npos) return;
    if (!is_blank(open_)) closed_.swap(open_);
    open_.clear();
    bytes.remove_prefix(length + 1);
  }
}

bool LastLine::is_blank(const std::string& line) {
  return line.find_first_not_of(" \t") == line.npos;
}

void LastLine::add(std::string_view piece) {
  open_ += piece.substr(0, kMost - std::min(kMost, open_.size()));
}

AttemptOutput::AttemptOutput(const journal::Secrets* secrets, std::unique_ptr<OutputTap> tap)
    : tap_(std::move(tap)) {
  if (secrets == nullptr || secrets->empty()) return;
  for (auto& masker : maskers_) masker.emplace(*secrets);
}

void AttemptOutput::wrote(io::Stream stream, std::string_view bytes, bool is_data) {
  const auto i = static_cast<std::size_t>(stream);
  is_data_[i] = is_data;
  any_[i] = any_[i] || !bytes.empty();
  if (maskers_[i]) {
    pass_on(i, maskers_[i]->feed(bytes), is_data);
  } else {
    pass_on(i, bytes, is_data);
  }
}

void AttemptOutput::pass_on(std::size_t stream, std::string_view bytes, bool is_data) {
  if (bytes.empty()) return;
  lines_[stream].feed(bytes);
  last_ = stream;
  if (tap_ && !is_data) tap_->wrote(static_cast<io::Stream>(stream), bytes);
}

bool AttemptOutput::close() {
  for (std::size_t i = 0; i < maskers_.size(); ++i) {
    if (maskers_[i]) pass_on(i, maskers_[i]->finish(), is_data_[i]);
  }
  const bool is_shown = tap_ != nullptr;
  tap_.reset();
  // A failure shows standard error, or standard output where there is none of it.
  const auto out = static_cast<std::size_t>(io::Stream::out);
  const auto err = static_cast<std::size_t>(io::Stream::err);
  return is_shown && (any_[err] || !is_data_[out]);
}

}  // namespace weir::runtime
