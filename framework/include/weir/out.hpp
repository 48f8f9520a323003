#pragma once

/// Output ports as nodes see them: `weir::Out<T>`.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <weir/abi.hpp>
#include <weir/item.hpp>

namespace weir {

/// Bytes that the text items of a source can be views into, for sources that read much at a time:
///
///     weir::Buffer buffer(256 << 10);
///     …  read into buffer.data() …
///     out.give(buffer, {buffer.data() + 10, 20});  // no copy
///
/// It lives until the last item that was given out of it has gone. Bytes that have been given out
/// must not be written to again; others may.
class Buffer {
 public:
  Buffer() = default;
  /// Throws std::bad_alloc.
  explicit Buffer(std::size_t capacity) : block_(abi::Block::make(capacity)) {}
  Buffer(Buffer&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Buffer() { abi::Block::release(block_); }

  char* data() const { return block_ == nullptr ? nullptr : block_->bytes(); }
  std::size_t capacity() const { return block_ == nullptr ? 0 : block_->capacity; }

  /// For the framework.
  abi::Block* block() const { return block_; }

 private:
  abi::Block* block_ = nullptr;
};

namespace abi {

/// Whether `view` lies inside `whole`.
inline bool lies_in(std::string_view view, std::string_view whole) {
  const auto begin = reinterpret_cast<std::uintptr_t>(view.data());
  const auto first = reinterpret_cast<std::uintptr_t>(whole.data());
  return begin >= first && begin + view.size() <= first + whole.size();
}

/// Gathers the items of one port into batches. `E` is the column's element type.
template <class E>
class Writer {
 public:
  Writer() = default;
  Writer(Writer&& other) noexcept = delete;
  ~Writer() { flush(); }

  /// `like` (may be null; must outlive the writer) gives its ticket, origin and storage to what is
  /// written. A batch is handed on when it holds `room` items.
  void attach(Context& context, std::uint32_t port, Batch* like, std::uint32_t room) {
    context_ = &context;
    like_ = like;
    port_ = port;
    room_ = room == 0 ? 1 : room;
  }

  template <class T>
  void push(T&& item) {
    if (!batch_) batch_ = BatchPtr(Batch::make(&type_info<E>, room_, like_));
    void* to = batch_->column<E>() + batch_->count;
    if constexpr (std::is_same_v<E, std::string_view>) {
      ::new (to) std::string_view(keep(item));
    } else if constexpr (std::is_same_v<E, std::int64_t>) {
      ::new (to) E(checked_integer<std::int64_t>(item));
    } else {
      ::new (to) E(std::forward<T>(item));
    }
    if (++batch_->count == batch_->capacity) flush();
  }

  /// A view into a block: no copy.
  void push_view(Block* block, std::string_view view) {
    if (shared_ != block) {
      flush();  // a batch can share one block
      share(block);
    }
    if (!batch_) batch_ = BatchPtr(Batch::make(&type_info<E>, room_, like_));
    ::new (batch_->column<E>() + batch_->count) std::string_view(view);
    if (++batch_->count == batch_->capacity) flush();
  }

  std::uint32_t room() const { return room_ - (batch_ ? batch_->count : 0); }

  void flush() noexcept {
    if (batch_ && batch_->count != 0) {
      std::size_t span = 0;
      if constexpr (std::is_same_v<E, std::string_view>) {
        if (shared_ != nullptr && like_ != nullptr) span = span_of(*like_);
        batch_->storage = storage_.take(std::exchange(shared_, nullptr));
      }
      // Who makes many of few makes larger batches of them.
      const bool is_full = batch_->count == batch_->capacity;
      if (is_full && context_->gathers && like_ != nullptr && room_ < kLargest) room_ *= 2;
      context_->emit(port_, shrunk(std::move(batch_), span).release());
    }
    Block::release(std::exchange(shared_, nullptr));
  }

 private:
  static constexpr std::uint32_t kLargest = 1024;

  /// A view into the item in hand needs no copy: the batches share its storage.
  std::string_view keep(std::string_view text) {
    if (like_ != nullptr && like_->type->views && lies_in(text, context_->current)) {
      if (like_->storage == nullptr || shared_ == like_->storage) return text;
      if (shared_ == nullptr) {
        share(like_->storage);
        return text;
      }  // a batch can share one block: this one is copied
    }
    return storage_.keep(text);
  }

  void share(Block* block) {
    block->acquire();
    shared_ = block;
  }

  Context* context_ = nullptr;
  Batch* like_ = nullptr;
  BatchPtr batch_;
  TextStorage storage_;
  std::uint32_t port_ = 0;
  std::uint32_t room_ = 1;
  Block* shared_ = nullptr;  // that the batch's texts point into, beside storage_; owned
};

/// Items of a type that is known only at run time. Those of one type that come one after the other
/// go into one batch.
template <>
class Writer<Item> {
 public:
  Writer() = default;
  Writer(Writer&&) = delete;
  ~Writer() { flush(); }

  void attach(Context& context, std::uint32_t port, Batch* like, std::uint32_t room) {
    context_ = &context;
    like_ = like;
    port_ = port;
    room_ = room == 0 ? 1 : room;
  }

  /// An item, or a value of any type that flows.
  template <class T>
  void push(T&& item) {
    using Value = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<Value, Item>) {
      push_item(item, !std::is_lvalue_reference_v<T> && item.owned());
    } else if constexpr (std::is_convertible_v<T, std::string_view> && !HasField<Value>) {
      const std::string_view text = item;
      void* to = place(type_info<std::string_view>);
      const bool shares =
          like_ != nullptr && like_->type->views && lies_in(text, context_->current);
      if (shares && like_->storage != nullptr) shared_ = like_->storage;
      ::new (to) std::string_view(shares ? text : storage_.keep(text));
      placed();
    } else {
      using E = element_t<Value>;
      void* to = place(type_info<E>);
      if constexpr (std::is_same_v<E, std::int64_t>) {
        ::new (to) E(checked_integer<std::int64_t>(item));
      } else {
        ::new (to) E(std::forward<T>(item));
      }
      placed();
    }
  }

  std::uint32_t room() const { return room_ - (batch_ ? batch_->count : 0); }

  void flush() noexcept {
    if (batch_ && batch_->count != 0) {
      std::size_t span = 0;
      if (batch_->type->views) {
        if (shared_ != nullptr) {
          shared_->acquire();
          span = span_of(*like_);
        }
        batch_->storage = storage_.take(shared_);
      }
      context_->emit(port_, shrunk(std::move(batch_), span).release());
    }
    batch_ = {};
    shared_ = nullptr;
  }

 private:
  /// `take`: nobody uses the item afterwards.
  void push_item(const Item& item, bool take) {
    Batch* from = item.batch();
    if (from == nullptr) {
      throw std::logic_error("a weir::Item without a value was given out");
    }
    const TypeInfo& type = *from->type;
    if (from->count == 1 && from->ticket == (like_ == nullptr ? nullptr : like_->ticket) &&
        (room_ == 1 || type.copy == nullptr)) {
      flush();
      from->acquire();
      return context_->emit(port_, from);
    }
    if (type.copy == nullptr) {
      throw std::runtime_error(std::string("items of type '") + type.name + "' can't be copied");
    }
    void* to = place(type);
    if (type.views) {
      const std::string_view text = *static_cast<const std::string_view*>(from->item(item.index()));
      if (from == like_) shared_ = from->storage;
      ::new (to) std::string_view(from == like_ ? text : storage_.keep(text));
    } else if (take && from->alone() && from->count == 1) {
      type.relocate(to, from->item(0), 1);
      from->count = 0;
    } else {
      type.copy(to, from->item(item.index()), 1);
    }
    placed();
  }

  /// Where the next item of this type is to be constructed.
  void* place(const TypeInfo& type) {
    std::uint32_t room = room_;
    if (batch_ && !same_type(batch_->type, &type)) {
      room = std::min(room_, 2 * batch_->count + 2);  // types may go on changing as often
      flush();
    }
    if (!batch_) batch_ = BatchPtr(Batch::make(&type, room, like_));
    return batch_->item(batch_->count);
  }
  void placed() noexcept {
    if (++batch_->count == batch_->capacity) flush();
  }

  Context* context_ = nullptr;
  Batch* like_ = nullptr;
  BatchPtr batch_;
  TextStorage storage_;
  std::uint32_t port_ = 0;
  std::uint32_t room_ = 1;
  Block* shared_ = nullptr;  // `like_`'s, if the batch's texts point into it; not owned yet
};

}  // namespace abi

/// An output port that carries `T`. Call it with an item to give the item out; any number of times.
/// Valid during the call, or the coroutine, that it was passed to.
template <class T>
class Out {
 public:
  using Element = abi::element_t<T>;

  /// Throws std::bad_alloc, or std::out_of_range for an integer that doesn't fit 64 bits. An
  /// `Out<Item>` takes values of any type as well.
  template <class U>
  requires(std::is_same_v<T, Item> || std::is_constructible_v<T, U&&> ||
           std::is_convertible_v<U&&, T>) void
  operator()(U&& item) {
    writer_.push(std::forward<U>(item));
  }

  /// Gives out a text that lies in a buffer, without copying it.
  void give(const Buffer& buffer,
            std::string_view text) requires std::is_same_v<Element, std::string_view> {
    writer_.push_view(buffer.block(), text);
  }

  /// How many more items the batch in the making takes. Where it is small, texts are as well
  /// copied.
  std::uint32_t room() const { return writer_.room(); }

  /// For the framework.
  abi::Writer<Element>& writer() { return writer_; }

 private:
  abi::Writer<Element> writer_;
};

}  // namespace weir
