#include "journal/key_hash.hpp"

#include <boost/uuid/detail/sha1.hpp>
#include <cstdint>

namespace weir::journal {

struct KeyHash::State {
  boost::uuids::detail::sha1 sha1;
};

KeyHash::KeyHash() : state_(std::make_unique<State>()) {}
KeyHash::~KeyHash() = default;

void KeyHash::add(std::string_view part) {
  const std::uint64_t size = part.size();
  state_->sha1.process_bytes(&size, sizeof size);
  state_->sha1.process_bytes(part.data(), part.size());
}

Key KeyHash::key() {
  boost::uuids::detail::sha1::digest_type digest;
  state_->sha1.get_digest(digest);
  const auto pair = [&](int at) { return std::uint64_t{digest[at]} << 32 | digest[at + 1]; };
  return {pair(0), pair(2)};
}

}  // namespace weir::journal
