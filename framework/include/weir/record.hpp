#pragma once

/// Records: JSON objects and arrays, as nlohmann/json has them. Include it in nodes that make
/// records or look into them; it costs about a second of compile time.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include <weir/item.hpp>
#include <weir/type.hpp>
#include <weir/value.hpp>

namespace weir {

template <>
struct Type<Record> {
  static constexpr const char* name = "record";

  /// JSON on one line; bytes that are not UTF-8 are replaced by U+FFFD.
  static void text(const Record& item, std::string& to) {
    to += item.dump(-1, ' ', false, Record::error_handler_t::replace);
  }

  /// An estimate.
  static std::size_t bytes(const Record& item) {
    std::size_t sum = 0;
    if (const auto* text = item.get_ptr<const std::string*>()) {
      sum = sizeof(std::string) + text->size();
    } else if (const auto* array = item.get_ptr<const Record::array_t*>()) {
      for (const Record& element : *array) sum += sizeof(Record) + bytes(element);
    } else if (const auto* object = item.get_ptr<const Record::object_t*>()) {
      constexpr std::size_t kTreeNode = 48;
      for (const auto& [key, value] : *object) {
        sum += kTreeNode + sizeof(std::string) + key.size() + sizeof(Record) + bytes(value);
      }
    }
    return sum;
  }

  /// A text as it is, everything else as JSON. Path elements are keys, or indices into arrays.
  static bool field(const Record& item, const std::string_view* path, std::size_t length,
                    std::string& to) {
    const Record* at = &item;
    for (std::size_t i = 0; i < length; ++i) {
      if (at->is_object()) {
        const auto found = at->find(std::string(path[i]));
        if (found == at->end()) return false;
        at = &*found;
      } else if (at->is_array()) {
        std::size_t index = 0;
        const std::from_chars_result end =
            std::from_chars(path[i].data(), path[i].data() + path[i].size(), index);
        if (end.ec != std::errc() || end.ptr != path[i].data() + path[i].size()) return false;
        if (index >= at->size()) return false;
        at = &(*at)[index];
      } else {
        return false;
      }
    }
    if (const auto* text = at->get_ptr<const std::string*>()) {
      to += *text;
    } else {
      Type::text(*at, to);
    }
    return true;
  }
};

/// An item as JSON: numbers, bools and records as they are, everything else as its text.
inline Record to_record(const Item& item) {
  if (const auto* record = item.as<Record>()) return *record;
  if (const auto* number = item.as<std::int64_t>()) return *number;
  if (const auto* number = item.as<double>()) return *number;
  if (const auto* boolean = item.as<bool>()) return *boolean;
  return item.text();
}

/// A value of a pipeline file as JSON. Infinities and NaN become null, as JSON has none.
inline Record to_record(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      return nullptr;
    case Value::Kind::boolean:
      return value.boolean;
    case Value::Kind::integer:
      return value.integer;
    case Value::Kind::number:
      return value.number;
    case Value::Kind::text:
      return value.text;
    case Value::Kind::list: {
      Record list = Record::array();
      for (const Value& item : value.items) list.push_back(to_record(item));
      return list;
    }
    case Value::Kind::map: {
      Record map = Record::object();
      for (const Value::Field& field : value.fields) map[field.key] = to_record(field.value);
      return map;
    }
  }
  return nullptr;
}

}  // namespace weir
