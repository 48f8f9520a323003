#include "runtime/item_key.hpp"

#include <boost/uuid/detail/sha1.hpp>

#include <weir/record.hpp>

namespace weir::runtime {
namespace {

/// SHA-1 (FIPS 180-4) of parts, each with its length in front; the first 128 bits. What is hashed
/// comes from whoever runs the pipeline: no protection against those who look for equal hashes is
/// needed.
class Hasher {
 public:
  void add(std::string_view part) {
    const std::uint64_t size = part.size();
    sha1_.process_bytes(&size, sizeof size);
    sha1_.process_bytes(part.data(), part.size());
  }
  journal::Key key() {
    boost::uuids::detail::sha1::digest_type digest;
    sha1_.get_digest(digest);
    const auto pair = [&](int at) { return std::uint64_t{digest[at]} << 32 | digest[at + 1]; };
    return {pair(0), pair(2)};
  }

 private:
  boost::uuids::detail::sha1 sha1_;
};

}  // namespace

journal::Key ItemKeys::next(const Item& item) {
  Hasher content;
  content.add(node_);
  content.add(item.type());
  content.add(item.text());
  const journal::Key first = content.key();
  std::uint32_t before = 0;
  {
    const std::lock_guard lock(mutex_);
    before = seen_[first]++;
  }
  if (before == 0) return first;
  Hasher again;
  again.add(first.text());
  again.add(std::to_string(before));
  return again.key();
}

std::string config_hash(const compile::PlannedNode& planned) {
  Hasher hasher;
  hasher.add(planned.type->name);
  for (const Value::Field& parameter : planned.parameters) {
    hasher.add(parameter.key);
    hasher.add(to_record(parameter.value).dump(-1, ' ', false, Record::error_handler_t::replace));
  }
  return hasher.key().text();
}

}  // namespace weir::runtime
