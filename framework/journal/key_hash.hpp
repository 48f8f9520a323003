#pragma once

/// Keys out of what is known of an item.

#include <memory>
#include <string_view>

#include "journal/key.hpp"

namespace weir::journal {

/// SHA-1 (FIPS 180-4) of parts, each with its length in front: the first 128 bits. What is hashed
/// comes from whoever runs the pipeline, so no protection against those who look for two texts with
/// one hash is needed.
class KeyHash {
 public:
  KeyHash();
  ~KeyHash();
  KeyHash(const KeyHash&) = delete;
  KeyHash& operator=(const KeyHash&) = delete;

  void add(std::string_view part);
  /// To be called once, at the end.
  Key key();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weir::journal
