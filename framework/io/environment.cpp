#include "io/environment.hpp"

#include <unistd.h>

namespace weir::io {

namespace {

bool is_entry_of(const std::string& entry, std::string_view name) {
  return entry.size() > name.size() && entry[name.size()] == '=' &&
         std::string_view(entry).substr(0, name.size()) == name;
}

}  // namespace

Environment Environment::of_this_process() {
  Environment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    result.entries_.emplace_back(*entry);
  }
  return result;
}

Environment Environment::with(
    const std::vector<std::pair<std::string, std::string>>& changes) const {
  Environment result = *this;
  for (const auto& [name, value] : changes) {
    std::erase_if(result.entries_,
                  [&name = name](const std::string& entry) { return is_entry_of(entry, name); });
    result.entries_.push_back(name + '=' + value);
  }
  return result;
}

const char* Environment::find(std::string_view name) const {
  for (const std::string& entry : entries_) {
    if (is_entry_of(entry, name)) return entry.c_str() + name.size() + 1;
  }
  return nullptr;
}

}  // namespace weir::io
