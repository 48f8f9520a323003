#pragma once

/// What oneTBB carries: items of one type in one column, counted by reference.
///
/// Node authors don't need this header: the loop that is compiled into a plugin uses it.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <string_view>
#include <utility>

#include <weir/type.hpp>

namespace weir::abi {

/// Bytes that text items of one or more batches point into. Never written again once a batch that
/// uses it has been handed on.
struct Block {
  std::atomic<std::uint32_t> references{1};
  std::size_t size = 0;
  std::size_t capacity = 0;
  Block* next = nullptr;  ///< owned: further bytes that the same batches use

  char* bytes() { return reinterpret_cast<char*>(this + 1); }

  /// Throws std::bad_alloc.
  static Block* make(std::size_t capacity) {
    void* memory = std::malloc(sizeof(Block) + capacity);
    if (memory == nullptr) throw std::bad_alloc();
    Block* block = ::new (memory) Block;
    block->capacity = capacity;
    return block;
  }
  void acquire() { references.fetch_add(1, std::memory_order_relaxed); }
  static void release(Block* block) noexcept {
    while (block != nullptr && block->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Block* next = block->next;
      std::free(block);
      block = next;
    }
  }
};

/// A source's permission to have something in flight, shared by all that comes of what it gave.
/// Its last reference gives the permission back.
struct Ticket {
  std::atomic<std::uint32_t> references{1};
  void (*returned)(Ticket* ticket) noexcept = nullptr;

  void acquire() { references.fetch_add(1, std::memory_order_relaxed); }
  static void release(Ticket* ticket) noexcept {
    if (ticket != nullptr && ticket->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      ticket->returned(ticket);
    }
  }
};

/// One allocation: this header, then `capacity` elements of `type`, of which the first `count` are
/// alive. Whoever holds the only reference may change it; a shared one is read-only.
struct alignas(16) Batch {
  std::atomic<std::uint32_t> references{1};
  std::uint32_t count = 0;
  std::uint32_t capacity = 0;
  std::uint32_t reserved = 0;
  const TypeInfo* type = nullptr;
  Ticket* ticket = nullptr;  ///< owned, may be null
  Block* storage = nullptr;  ///< owned, null unless `type->views`
  std::uint64_t origin = 0;  ///< what its items came of, for the runtime; 0: a source

  void* items() { return this + 1; }
  const void* items() const { return this + 1; }
  void* item(std::size_t index) { return static_cast<char*>(items()) + index * type->size; }
  const void* item(std::size_t index) const {
    return static_cast<const char*>(items()) + index * type->size;
  }
  template <class T>
  T* column() {
    return static_cast<T*>(items());
  }
  template <class T>
  const T* column() const {
    return static_cast<const T*>(items());
  }

  /// The memory that it stands for: elements and what they hold.
  std::size_t bytes() const {
    return sizeof(Batch) + count * type->size +
           (type->bytes == nullptr ? 0 : type->bytes(items(), count));
  }

  bool alone() const { return references.load(std::memory_order_acquire) == 1; }

  /// An empty batch with room for `capacity` elements, sharing `like`'s ticket and origin. Throws
  /// std::bad_alloc.
  static Batch* make(const TypeInfo* type, std::size_t capacity, const Batch* like = nullptr) {
    void* memory = std::malloc(sizeof(Batch) + capacity * type->size);
    if (memory == nullptr) throw std::bad_alloc();
    Batch* batch = ::new (memory) Batch;
    batch->capacity = static_cast<std::uint32_t>(capacity);
    batch->type = type;
    if (like != nullptr) {
      batch->origin = like->origin;
      batch->ticket = like->ticket;
      if (batch->ticket != nullptr) batch->ticket->acquire();
    }
    return batch;
  }
  void acquire(std::uint32_t count_ = 1) {
    references.fetch_add(count_, std::memory_order_relaxed);
  }
  static void release(Batch* batch) noexcept {
    if (batch == nullptr || batch->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (batch->type->destroy != nullptr) batch->type->destroy(batch->items(), batch->count);
    Block::release(batch->storage);
    Ticket* ticket = batch->ticket;
    std::free(batch);
    Ticket::release(ticket);  // last: it may end the run
  }
};

/// Holds one reference to a batch.
class BatchPtr {
 public:
  BatchPtr() = default;
  /// Takes over the reference.
  explicit BatchPtr(Batch* batch) : batch_(batch) {}
  BatchPtr(BatchPtr&& other) noexcept : batch_(std::exchange(other.batch_, nullptr)) {}
  BatchPtr& operator=(BatchPtr&& other) noexcept {
    if (this != &other) Batch::release(std::exchange(batch_, std::exchange(other.batch_, nullptr)));
    return *this;
  }
  ~BatchPtr() { Batch::release(batch_); }

  /// A further reference to the same batch.
  BatchPtr share() const {
    if (batch_ != nullptr) batch_->acquire();
    return BatchPtr(batch_);
  }
  [[nodiscard]] Batch* release() { return std::exchange(batch_, nullptr); }
  Batch* get() const { return batch_; }
  Batch* operator->() const { return batch_; }
  Batch& operator*() const { return *batch_; }
  explicit operator bool() const { return batch_ != nullptr; }

 private:
  Batch* batch_ = nullptr;
};

/// Copies bytes into a growing chain of blocks, for the text items of one batch that is being
/// filled.
class TextStorage {
 public:
  TextStorage() = default;
  TextStorage(TextStorage&& other) noexcept : head_(std::exchange(other.head_, nullptr)) {}
  TextStorage& operator=(TextStorage&&) = delete;
  ~TextStorage() { Block::release(head_); }

  /// A copy of `text` that lives as long as the batch. Throws std::bad_alloc.
  std::string_view keep(std::string_view text) {
    if (head_ == nullptr || head_->capacity - head_->size < text.size()) grow(text.size());
    char* to = head_->bytes() + head_->size;
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    head_->size += text.size();
    return {to, text.size()};
  }

  /// Gives up the chain. `also` (may be null) is owned and becomes its tail.
  [[nodiscard]] Block* take(Block* also) {
    Block* head = std::exchange(head_, nullptr);
    if (head == nullptr) return also;
    Block* tail = head;
    while (tail->next != nullptr) tail = tail->next;
    tail->next = also;
    return head;
  }

 private:
  static constexpr std::size_t kLargest = std::size_t{1} << 20;

  void grow(std::size_t needed) {
    std::size_t capacity = head_ == nullptr ? needed : head_->capacity * 2;
    if (capacity > kLargest) capacity = kLargest;
    if (capacity < needed) capacity = needed;
    Block* block = Block::make(capacity);
    block->next = head_;
    head_ = block;
  }

  Block* head_ = nullptr;
};

/// How many bytes the texts of a batch lie among; 0 if it has no texts.
inline std::size_t span_of(const Batch& batch) {
  if (!batch.type->views || batch.count == 0 || batch.storage == nullptr) return 0;
  // In one block they lie one behind the other, mostly: then two of them tell.
  const auto* views = batch.column<std::string_view>();
  const char* begin = views[0].data();
  const char* end = views[batch.count - 1].data() + views[batch.count - 1].size();
  if (batch.storage->next == nullptr && std::less<const char*>()(begin, end) &&
      static_cast<std::size_t>(end - begin) <= batch.storage->capacity) {
    return static_cast<std::size_t>(end - begin);
  }
  return batch.type->bytes(batch.items(), batch.count);
}

/// What a filter kept must not hold on to what it dropped. The column is made as small as it can be
/// where under half of it is used, and texts are copied out of shared storage where they are under
/// a quarter of `span`, the bytes that the texts before the filter lay among.
inline BatchPtr shrunk(BatchPtr batch, std::size_t span) noexcept {
  constexpr std::size_t kSmall = 64;  // in elements, and in bytes: not worth it
  const TypeInfo& type = *batch->type;
  try {
    if (batch->capacity > kSmall && batch->count < batch->capacity / 2) {
      BatchPtr small(Batch::make(&type, batch->count, batch.get()));
      type.relocate(small->items(), batch->items(), batch->count);
      small->count = std::exchange(batch->count, 0);
      small->storage = std::exchange(batch->storage, nullptr);
      batch = std::move(small);
    }
    if (!type.views || batch->storage == nullptr || span <= kSmall) return batch;
    const std::size_t bytes = type.bytes(batch->items(), batch->count);
    if (bytes >= span / 4) return batch;
    Block* block = Block::make(bytes);
    auto* views = batch->column<std::string_view>();
    for (std::uint32_t i = 0; i < batch->count; ++i) {
      char* to = block->bytes() + block->size;
      if (!views[i].empty()) std::memcpy(to, views[i].data(), views[i].size());
      block->size += views[i].size();
      views[i] = {to, views[i].size()};
    }
    Block::release(std::exchange(batch->storage, block));
  } catch (const std::bad_alloc&) {
    // It stays as large as it is.
  }
  return batch;
}

}  // namespace weir::abi
