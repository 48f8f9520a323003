#pragma once

/// Finds values in streams of bytes that nobody should read there, and puts "***" in their place.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::journal {

/// A set of values to be masked. Values shorter than 4 bytes are left out: they would mask half of
/// every text. Only the very bytes are found, not the value in base64, quoted or URL-encoded.
class Secrets {
 public:
  static constexpr std::size_t kShortest = 4;

  Secrets() = default;
  explicit Secrets(const std::vector<std::string>& values);

  bool empty() const { return nodes_.empty(); }

 private:
  friend class Masker;
  friend std::string mask_piece(std::string_view, const Secrets&, struct Cut);

  /// How much of a text that may begin within a value is the rest of it; 0 if that is too short.
  std::size_t rest_at_begin(std::string_view text) const;

  /// A node of the automaton: what has been read last begins one of the values, and is the longest
  /// that does.
  struct Node {
    std::uint32_t longest_match = 0;  ///< length of the longest value that ends here; 0: none
    std::uint32_t open = 0;  ///< how many bytes from here back may become a value, with more bytes
  };

  std::uint32_t next(std::uint32_t node, unsigned char byte) const {
    return next_[node * classes_ + class_of_[byte]];
  }

  std::vector<std::string> values_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> next_;            ///< for each node, the next one by class
  std::array<std::uint16_t, 256> class_of_{};  ///< bytes that are in no value share class 0
  std::uint32_t classes_ = 1;
};

/// Masks a stream that comes in pieces: the same comes out, however it is cut. Every byte that
/// belongs to an occurrence of a secret is covered, also where occurrences overlap; each run of
/// covered bytes becomes one "***".
class Masker {
 public:
  /// `secrets` must outlive it.
  explicit Masker(const Secrets& secrets) : secrets_(&secrets) {}

  /// What can be shown of the stream so far. Holds back what may be the beginning of a secret: at
  /// most the length of the longest one, less 1.
  std::string feed(std::string_view bytes);
  /// The stream has ended: what was held back.
  std::string finish();
  /// It has ended, perhaps in the middle of a secret: the beginning of one is covered, too, from
  /// `Secrets::kShortest` bytes on.
  std::string finish_cut();

 private:
  friend std::string mask_piece(std::string_view, const Secrets&, struct Cut);

  struct Range {
    std::uint64_t begin, end;
  };

  void cover(Range range);
  /// Gives out what lies before `until`.
  void release(std::uint64_t until, std::string& to);

  const Secrets* secrets_;
  std::uint32_t node_ = 0;
  std::string pending_;
  std::uint64_t pending_at_ = 0;  ///< the place in the stream where `pending_` begins
  std::vector<Range> covered_;    ///< in order, not touching each other, none before `pending_at_`
  bool in_covered_ = false;       ///< what was given out last was covered
};

std::string mask(std::string_view text, const Secrets& secrets);

/// Where a text has been cut out of a longer one, and a secret with it.
struct Cut {
  bool at_begin = true;
  bool at_end = true;
};

/// Covers also, at the cut ends, what is left of a secret, from `Secrets::kShortest` bytes on.
std::string mask_piece(std::string_view text, const Secrets& secrets, Cut cut = {});

/// Of a text in which "…" stands where something may have been left out.
std::string mask_shortened(std::string_view text, const Secrets& secrets);

}  // namespace weir::journal
