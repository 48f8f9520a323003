#pragma once

/// An item of whatever type: what generic nodes take and give.

#include <optional>
#include <string>
#include <string_view>

#include <weir/batch.hpp>

namespace weir {

/// Refers to one item in a batch. As a node's argument it is a view: valid until the call, or the
/// coroutine, ends. One made with `of` owns its value. Cheap to copy.
class Item {
 public:
  Item() = default;
  Item(const Item& other) : batch_(other.batch_), index_(other.index_), owned_(other.owned_) {
    if (owned_) batch_->acquire();
  }
  Item(Item&& other) noexcept
      : batch_(std::exchange(other.batch_, nullptr)),
        index_(other.index_),
        owned_(std::exchange(other.owned_, false)) {}
  Item& operator=(Item other) noexcept {
    std::swap(batch_, other.batch_);
    std::swap(index_, other.index_);
    std::swap(owned_, other.owned_);
    return *this;
  }
  ~Item() {
    if (owned_) abi::Batch::release(batch_);
  }

  /// An item with a value of its own: `Item::of(std::int64_t{3})`, `Item::of("text")`,
  /// `Item::of(Record{…})`. Throws std::bad_alloc, or std::out_of_range for an integer that
  /// doesn't fit 64 bits.
  template <class T>
  static Item of(T&& value);

  /// The name of its type: "int", "text", "image", …
  std::string_view type() const { return batch_->type->name; }

  /// Its value, or nullptr if it is of another type. `T` is the element type: `std::int64_t`,
  /// `std::string_view`, `Record`, … (table in <weir/type.hpp>).
  template <class T>
  const T* as() const {
    if (!abi::same_type(batch_->type, &abi::type_info<T>)) return nullptr;
    return static_cast<const T*>(batch_->item(index_));
  }

  /// Appends its text: a record's is JSON on one line. A type without a text form gives `<type>`.
  void append_text(std::string& to) const {
    if (batch_->type->text != nullptr) {
      batch_->type->text(batch_->item(index_), to);
    } else {
      (to += '<').append(type()) += '>';
    }
  }
  std::string text() const {
    std::string to;
    append_text(to);
    return to;
  }

  /// Appends the text of a part, e.g. {"user", "name"} of a record; false if it has no such part.
  bool append_field(const std::string_view* path, std::size_t length, std::string& to) const {
    const abi::TypeInfo& type = *batch_->type;
    return type.field != nullptr && type.field(batch_->item(index_), path, length, to);
  }

  /// For the framework: a view of an item in a batch that the caller keeps alive.
  static Item view(abi::Batch* batch, std::uint32_t index) {
    Item item;
    item.batch_ = batch;
    item.index_ = index;
    return item;
  }
  abi::Batch* batch() const { return batch_; }
  std::uint32_t index() const { return index_; }
  bool owned() const { return owned_; }

 private:
  abi::Batch* batch_ = nullptr;
  std::uint32_t index_ = 0;
  bool owned_ = false;
};

template <class T>
Item Item::of(T&& value) {
  using Value = std::remove_cvref_t<T>;
  Item item;
  if constexpr (std::is_convertible_v<T, std::string_view> && !abi::HasField<Value>) {
    const std::string_view text = value;
    abi::BatchPtr batch(abi::Batch::make(&abi::type_info<std::string_view>, 1));
    abi::TextStorage storage;
    ::new (batch->items()) std::string_view(storage.keep(text));
    batch->storage = storage.take(nullptr);
    batch->count = 1;
    item.batch_ = batch.release();
  } else {
    using E = abi::element_t<Value>;
    abi::BatchPtr batch(abi::Batch::make(&abi::type_info<E>, 1));
    if constexpr (std::is_same_v<E, std::int64_t>) {
      ::new (batch->items()) E(abi::checked_integer<std::int64_t>(value));
    } else {
      ::new (batch->items()) E(std::forward<T>(value));
    }
    batch->count = 1;
    item.batch_ = batch.release();
  }
  item.owned_ = true;
  return item;
}

}  // namespace weir
