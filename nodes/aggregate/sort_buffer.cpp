#include "nodes/aggregate/sort_buffer.hpp"

#include <algorithm>
#include <new>

namespace weir::nodes {

bool SortBuffer::add(const SortItem& item) {
  const SortHeader header = SortHeader::of(item);
  const std::size_t left = bytes_ - used_ - count_ * sizeof(Reference);
  if (header.bytes() > left || left - header.bytes() < sizeof(Reference)) return false;
  char* to = data() + used_;
  ++count_;
  const bool is_whole = item.key.size() <= sizeof(Reference::prefix) &&
                        !item.key.ends_with('\0');  // what fills a prefix up
  ::new (static_cast<void*>(references()))
      Reference{key_prefix(item.key), is_whole, used_ & (~std::uint64_t{0} >> 1)};
  std::memcpy(to, &header, sizeof header);
  to += sizeof header;
  if (!item.key.empty()) std::memcpy(to, item.key.data(), item.key.size());
  to += item.key.size();
  if (!item.value.empty()) std::memcpy(to, item.value.data(), item.value.size());
  used_ += header.bytes();
  return true;
}

void SortBuffer::sort(bool descending) {
  const char* const items = data();
  const auto key_of = [items](const Reference& reference) {
    return sort_item_at(items + reference.at).key;
  };
  // What came earlier lies lower: that makes it stable.
  const auto sort_by = [&](const auto& before) {
    std::sort(references(), references() + count_, [&](const Reference& a, const Reference& b) {
      if (a.prefix != b.prefix) return before(a.prefix, b.prefix);
      const int order = a.is_whole && b.is_whole ? 0 : key_of(a).compare(key_of(b));
      return order != 0 ? before(order, 0) : a.at < b.at;
    });
  };
  if (descending) {
    sort_by([](const auto& a, const auto& b) { return a > b; });
  } else {
    sort_by([](const auto& a, const auto& b) { return a < b; });
  }
}

}  // namespace weir::nodes
