#include "data/wire.hpp"

#include <vector>

#include <weir/loop.hpp>
#include <weir/out.hpp>
#include <weir/record.hpp>

namespace weir::data {
namespace {

using Json = nlohmann::json;

template <class T>
Json numbers(const abi::Batch& batch) {
  Json items = Json::array();
  for (std::uint32_t i = 0; i < batch.count; ++i) items.push_back(batch.column<T>()[i]);
  return items;
}

template <class T>
abi::BatchPtr column(const Json& items, const abi::Batch* like) {
  abi::BatchPtr batch(abi::Batch::make(&abi::type_info<T>, items.size(), like));
  for (const Json& item : items) {
    ::new (batch->item(batch->count)) T(item.get<T>());
    ++batch->count;
  }
  return batch;
}

abi::BatchPtr texts(const Json& items, const abi::Batch* like) {
  abi::BatchPtr batch(abi::Batch::make(&abi::type_info<std::string_view>, items.size(), like));
  abi::TextStorage storage;
  for (const Json& item : items) {
    const Json::binary_t& bytes = item.get_binary();
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ::new (batch->item(batch->count)) std::string_view(storage.keep(text));
    ++batch->count;
  }
  batch->storage = storage.take(nullptr);
  return batch;
}

template <class T>
bool is(const abi::Batch& batch) {
  return abi::same_type(batch.type, &abi::type_info<T>);
}

}  // namespace

Record byte_string(std::string_view bytes) {
  return Record(Record::binary_t(Record::binary_t::container_type(bytes.begin(), bytes.end())));
}

std::optional<std::string> to_wire(const abi::Batch& batch) {
  Json items = Json::array();
  if (is<std::string_view>(batch)) {
    for (std::uint32_t i = 0; i < batch.count; ++i) {
      // Texts may be any bytes: they go as CBOR's byte strings.
      items.push_back(byte_string(batch.column<std::string_view>()[i]));
    }
  } else if (is<std::int64_t>(batch)) {
    items = numbers<std::int64_t>(batch);
  } else if (is<double>(batch)) {
    items = numbers<double>(batch);
  } else if (is<bool>(batch)) {
    items = numbers<bool>(batch);
  } else if (is<Record>(batch)) {
    items = numbers<Record>(batch);
  } else {
    return std::nullopt;
  }
  std::string to;
  Json::to_cbor(Json::array({batch.type->name, std::move(items)}), to);
  return to;
}

std::optional<abi::BatchPtr> from_wire(std::string_view bytes, const abi::Batch* like) {
  try {
    const Json json = Json::from_cbor(bytes.begin(), bytes.end());
    const std::string type = json.at(0).get<std::string>();
    const Json& items = json.at(1);
    if (!items.is_array() || items.empty()) return std::nullopt;
    if (type == abi::type_info<std::string_view>.name) return texts(items, like);
    if (type == abi::type_info<std::int64_t>.name) return column<std::int64_t>(items, like);
    if (type == abi::type_info<double>.name) return column<double>(items, like);
    if (type == abi::type_info<bool>.name) return column<bool>(items, like);
    if (type == abi::type_info<Record>.name) return column<Record>(items, like);
  } catch (const Json::exception&) {
  }
  return std::nullopt;
}

}  // namespace weir::data
