#include "runtime/item_key.hpp"

#include <weir/record.hpp>

#include "journal/key_hash.hpp"

namespace weir::runtime {

journal::Key item_key(std::string_view node, std::string_view type, std::string_view text) {
  journal::KeyHash content;
  content.add(node);
  content.add(type);
  content.add(text);
  return content.key();
}

journal::Key item_key(std::string_view node, std::string_view type, const journal::Key& failure) {
  journal::KeyHash content;
  content.add(node);
  content.add(type);
  content.add("failed");
  content.add(failure.text());
  return content.key();
}

journal::Key item_key(const journal::Key& first, std::uint32_t number) {
  if (number == 0) return first;
  journal::KeyHash again;
  again.add(first.text());
  again.add(std::to_string(number));
  return again.key();
}

journal::Key ItemKeys::next(const journal::Key& first) {
  std::uint32_t before = 0;
  {
    const std::lock_guard lock(mutex_);
    before = seen_[first]++;
  }
  return item_key(first, before);
}

std::string config_hash(const compile::PlannedNode& planned) {
  journal::KeyHash hash;
  hash.add(planned.type->name);
  for (const Value::Field& parameter : planned.parameters) {
    hash.add(parameter.key);
    hash.add(to_record(parameter.value).dump(-1, ' ', false, Record::error_handler_t::replace));
  }
  return hash.key().text();
}

}  // namespace weir::runtime
