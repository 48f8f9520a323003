#pragma once

/// What an item's command writes, kept in a file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "journal/file.hpp"
#include "journal/secrets.hpp"

namespace weir::journal {

/// Why bytes could not be kept.
struct LogError {
  std::string message;        ///< for the user; names the file
  bool is_exhausted = false;  ///< no descriptors left: passes by itself, try the same bytes again

  explicit operator bool() const { return !message.empty(); }
};

/// One stream of one item: all attempts behind each other, secrets masked. The file, and the
/// folders above it, are made at the first byte; who writes nothing leaves nothing.
///
/// For one thread at a time. An attempt has an ItemLog of its own. From a second attempt on, what
/// it writes stands behind a line "--- attempt 2 ---".
class ItemLog {
 public:
  /// `file` is RunDirectory::log_file; `attempt` counts from 1. `secrets` must outlive it.
  ItemLog(std::filesystem::path file, const Secrets& secrets, std::int64_t attempt = 1);
  ItemLog(ItemLog&&) noexcept = default;
  ItemLog& operator=(ItemLog&&) noexcept = default;

  /// If the error is an exhaustion, nothing of it was taken. After any other error (a full disk)
  /// the log takes nothing more: what follows is dropped, with the same error.
  LogError write(std::string_view bytes);
  /// The stream has ended: writes what was held back because it may have begun a secret, and closes
  /// the file. Nothing is written after that.
  LogError close();

 private:
  LogError open();
  LogError put(std::string_view shown);
  LogError fail(int error);

  std::filesystem::path file_;
  std::int64_t attempt_;
  Masker masker_;
  Descriptor descriptor_;
  std::string error_;
};

/// The folder below logs/ that is a node's: its name, unless that can't name a file. Bytes other
/// than letters, digits, '_', '-' and (not in front) '.' become "%XX"; of a very long one the
/// beginning is left, and a hash.
std::string log_folder(std::string_view node);

}  // namespace weir::journal
