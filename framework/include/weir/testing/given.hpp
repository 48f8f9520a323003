#pragma once

/// What came out of a node under test. Included by <weir/testing.hpp>.

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/abi.hpp>
#include <weir/item.hpp>

namespace weir::testing {

/// An item that failed, by its text, and why.
struct FailedItem {
  std::string item;  ///< empty: a source failed, and has no item
  Failure failure;
};

/// `T` as a test holds it: text is owned.
template <class T>
using Owned = std::conditional_t<std::is_same_v<abi::element_t<T>, std::string_view>, std::string,
                                 abi::element_t<T>>;

/// The items of some batches. What can't be copied is moved out, so it can be read only once.
/// Throws std::logic_error if they are of another type than `T`.
template <class T>
std::vector<T> read(const std::vector<abi::BatchPtr>& batches) {
  using E = abi::element_t<T>;
  std::vector<T> items;
  for (const abi::BatchPtr& batch : batches) {
    if (!abi::same_type(batch->type, &abi::type_info<E>)) {
      throw std::logic_error(std::string("the items are of type '") + batch->type->name +
                             "', not '" + abi::type_info<E>.name + "'");
    }
    for (std::uint32_t i = 0; i < batch->count; ++i) {
      E& item = batch->column<E>()[i];
      if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        items.push_back(abi::checked_integer<T>(item));
      } else if constexpr (std::is_copy_constructible_v<E>) {
        items.push_back(T(item));
      } else {
        items.push_back(std::move(item));
      }
    }
  }
  return items;
}

/// Holds what a node gave out, its failures and its account. `T` is what its one output port
/// carries; void if it has none or several; `Item` if that is known only at run time.
template <class T>
class Given {
 public:
  explicit Given(const abi::NodeType& type) : type_(&type), ports_(type.outputs.size()) {}

  /// The items of the only port, in order.
  std::vector<T> out() requires(!std::is_void_v<T> && !std::is_same_v<T, Item>) {
    return read<T>(batches("out"));
  }
  /// The same for a node that may give out items of any type: `out<std::int64_t>()`.
  template <class U>
  std::vector<U> out() {
    return port<U>("out");
  }
  /// The items of a port: `port<std::string>("large")`. Throws std::logic_error if there is no such
  /// port, or it has items of another type.
  template <class U>
  std::vector<U> port(std::string_view name) {
    return read<U>(batches(name));
  }
  /// The items of a port by their texts, of whatever type they are.
  std::vector<std::string> texts(std::string_view port = "out") const {
    std::vector<std::string> texts;
    for (const abi::BatchPtr& batch : batches(port)) {
      for (std::uint32_t i = 0; i < batch->count; ++i) {
        texts.push_back(Item::view(batch.get(), i).text());
      }
    }
    return texts;
  }

  const std::vector<FailedItem>& failures() const { return failures_; }
  std::size_t done() const { return items_ - failures_.size() - cancelled_ - handed_back(); }
  std::size_t failed() const { return failures_.size(); }
  std::size_t cancelled() const { return cancelled_; }
  /// Of a source: it has come to its end, or failed.
  bool ended() const { return ended_; }

  /// For tests of the framework: what a port was given, batch by batch.
  const std::vector<abi::BatchPtr>& batches(std::string_view port = "out") const {
    std::string known;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
      const std::string& name = type_->outputs[i].name;
      if (name == port) return ports_[i];
      (known += known.empty() ? "" : ", ") += name;
    }
    throw std::logic_error("node type '" + type_->name + "' has no port '" + std::string(port) +
                           "'; it has " + (known.empty() ? "none" : known));
  }
  /// For tests of the framework: items that were not begun, as the task was asked to end.
  const std::vector<abi::BatchPtr>& rest() const { return rest_; }
  std::size_t handed_back() const {
    std::size_t count = 0;
    for (const abi::BatchPtr& batch : rest_) count += batch->count;
    return count;
  }

 private:
  template <class N>
  friend class NodeUnderTest;

  /// What the loop that is compiled into the node calls.
  class Collector final : public abi::Context {
   public:
    Collector(Given& given, const std::atomic<bool>* yield_flag) : given_(given) {
      yield = yield_flag;
    }

    void emit(std::uint32_t port, abi::Batch* batch) noexcept override {
      given_.ports_[port].emplace_back(batch);
    }
    void fail(abi::Batch* batch, std::uint32_t index, const Failure& failure) noexcept override {
      std::string text = "<?>";  // as a run shows it
      try {
        text = Item::view(batch, index).text();
      } catch (...) {
      }
      given_.failures_.push_back({std::move(text), failure});
    }
    bool hand_back(abi::Batch* batch, std::uint32_t index) noexcept override {
      const bool move = batch->alone();
      given_.rest_.push_back(part(*batch, index, batch->count - index, move));
      if (move) batch->count = index;
      return true;
    }

   private:
    Given& given_;
  };

  /// Some items of a batch in one of their own. Moved ones are no longer alive in `batch`, whose
  /// `count` is the caller's to correct.
  static abi::BatchPtr part(abi::Batch& batch, std::uint32_t first, std::uint32_t count,
                            bool move) {
    abi::BatchPtr part(abi::Batch::make(batch.type, count, &batch));
    if (move) {
      batch.type->relocate(part->items(), batch.item(first), count);
    } else {
      batch.type->copy(part->items(), batch.item(first), count);
    }
    part->count = count;
    if (batch.storage != nullptr) {
      batch.storage->acquire();
      part->storage = batch.storage;
    }
    return part;
  }

  const abi::NodeType* type_;
  std::vector<std::vector<abi::BatchPtr>> ports_;
  std::vector<abi::BatchPtr> rest_;
  std::vector<FailedItem> failures_;
  std::size_t items_ = 0;
  std::size_t cancelled_ = 0;
  bool ended_ = false;
};

}  // namespace weir::testing
