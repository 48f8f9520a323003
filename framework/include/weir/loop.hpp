#pragma once

/// The loops over a batch that are compiled into the library of the node: one indirect call a
/// batch, the node's call operator inlined into it.
///
/// `catch` stands outside of the inner loop, which is resumed behind the item that threw: no cost
/// while nothing fails.

#include <algorithm>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/out.hpp>

namespace weir::abi {

/// What is thrown, in words; never empty.
inline std::string what_was_thrown() noexcept {
  std::string words;
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return "there is no memory left for it";
  } catch (const std::exception& error) {
    words = error.what();
  } catch (const std::string& text) {
    words = text;
  } catch (const char* text) {
    words = text;
  } catch (...) {
    words = "an exception that is not a std::exception";
  }
  return words.empty() ? "an error without a text" : words;
}

/// What is thrown, as a failure of an item.
inline Failure failure_in_hand() noexcept {
  try {
    throw;
  } catch (const CommandFailed& failed) {
    return failed.failure();
  } catch (...) {
    Failure failure;
    failure.error = what_was_thrown();
    return failure;
  }
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  using value_type = T;
};

/// Item `index` as a node wants it. `P` is the parameter's type as it was declared.
///
/// A by-value parameter of a type with a text form is copied unless the call can't throw, so that a
/// failure can still show the item.
template <class P, bool Nothrow>
decltype(auto) argument(Batch& batch, std::uint32_t index, bool alone) {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::is_same_v<T, Item>) {
    return Item::view(&batch, index);
  } else {
    using E = element_t<T>;
    E& item = batch.column<E>()[index];
    if constexpr (std::integral<T> && !std::same_as<T, bool>) {
      return checked_integer<T>(item);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return std::string(item);
    } else if constexpr (std::is_arithmetic_v<T>) {
      return static_cast<T>(item);
    } else if constexpr (std::is_lvalue_reference_v<P>) {
      static_assert(std::is_const_v<std::remove_reference_t<P>>,
                    "take the item by value or by const reference");
      return static_cast<const T&>(item);
    } else if constexpr (!std::is_copy_constructible_v<T>) {
      (void)alone;
      return T(std::move(item));
    } else if constexpr (Nothrow || !HasText<E>) {
      return alone ? T(std::move(item)) : T(item);
    } else {
      return T(item);
    }
  }
}

/// Calls `step(index)` for every item; reports those that throw; hands the rest back if the task
/// turned out long. The result is how many items were begun.
template <class E, class Step>
std::uint32_t for_each_item(Batch* batch, Context& context, Step&& step) noexcept {
  std::uint32_t count = batch->count;
  // How often it is asked whether to yield: at every item it would cost as much as a trivial item.
  const std::uint32_t stride = context.yield == nullptr ? count : count <= 64 ? 1 : 8;
  std::uint32_t index = 0;
  while (index < count) {
    try {
      while (index < count) {
        if (index != 0 && stride < count && context.yield->load(std::memory_order_relaxed) &&
            context.hand_back(batch, index)) {
          count = index;
          break;
        }
        const std::uint32_t end = std::min(index + stride, count);
        for (; index < end; ++index) {
          if constexpr (std::is_same_v<E, std::string_view>) {
            context.current = batch->column<std::string_view>()[index];
          }
          step(index);
        }
      }
    } catch (...) {
      context.fail(batch, index, failure_in_hand());
      ++index;
    }
  }
  return count;
}

/// One item out for each in, or none: results are written over the items where the types agree and
/// nobody else holds the batch.
template <class R>
class Transformer {
  static constexpr bool kFilter = IsOptional<R>::value;
  template <class T>
  struct Unwrap {
    using type = T;
  };
  template <class T>
  struct Unwrap<std::optional<T>> {
    using type = T;
  };
  using Given = typename Unwrap<R>::type;

 public:
  using Out = element_t<Given>;

  template <class In, class Call>
  static void run(BatchPtr batch, Context& context, Call&& call) {
    if constexpr (std::is_same_v<Out, Item>) {
      pass(std::move(batch), context, call);
    } else if constexpr (std::is_same_v<In, Out> && std::is_move_assignable_v<Out>) {
      if (batch->alone()) {
        in_place(std::move(batch), context, call);
      } else {
        anew<In>(std::move(batch), context, call);
      }
    } else {
      anew<In>(std::move(batch), context, call);
    }
  }

 private:
  template <class Call>
  static void in_place(BatchPtr batch, Context& context, Call& call) {
    Out* const column = batch->column<Out>();
    const std::size_t span = span_of(*batch);
    std::uint32_t kept = 0;
    TextStorage storage;
    bool shares = false;
    const std::uint32_t begun = for_each_item<Out>(batch.get(), context, [&](std::uint32_t index) {
      R result = call(*batch, index, true);
      if constexpr (kFilter) {
        if (!result) return;
      }
      Given& given = unwrap(result);
      if constexpr (std::is_same_v<Out, std::string_view>) {
        const std::string_view text = given;
        if (lies_in(text, context.current)) {
          shares = true;
          column[kept] = text;
        } else {
          column[kept] = storage.keep(text);
        }
      } else if constexpr (std::is_same_v<Out, std::int64_t>) {
        column[kept] = checked_integer<std::int64_t>(given);
      } else {
        column[kept] = std::move(given);
      }
      ++kept;
    });
    if constexpr (!std::is_trivially_destructible_v<Out>) {
      std::destroy_n(column + kept, begun - kept);
    }
    batch->count = kept;
    if (kept == 0) return;
    if constexpr (std::is_same_v<Out, std::string_view>) {
      Block* before = std::exchange(batch->storage, nullptr);
      if (!shares) Block::release(std::exchange(before, nullptr));
      batch->storage = storage.take(before);
    }
    context.emit(0, shrunk(std::move(batch), shares ? span : 0).release());
  }

  template <class In, class Call>
  static void anew(BatchPtr batch, Context& context, Call& call) {
    Writer<Out> writer;
    writer.attach(context, 0, batch.get(), batch->count);
    const bool alone = batch->alone();
    for_each_item<In>(batch.get(), context, [&](std::uint32_t index) {
      R result = call(*batch, index, alone);
      if constexpr (kFilter) {
        if (!result) return;
      }
      writer.push(std::move(unwrap(result)));
    });
  }

  /// Items of any type. A batch that comes through whole is handed on as it is. What calls make
  /// themselves, rather than giving out what they took, goes before what is kept of it.
  template <class Call>
  static void pass(BatchPtr batch, Context& context, Call& call) {
    struct Range {
      std::uint32_t begin, end;
    };
    const std::size_t span = span_of(*batch);
    std::vector<Range> kept;
    Writer<Item> made;
    made.attach(context, 0, batch.get(), batch->count);
    const bool alone = batch->alone();
    const std::uint32_t begun = for_each_item<Item>(batch.get(), context, [&](std::uint32_t index) {
      R result = call(*batch, index, alone);
      if constexpr (kFilter) {
        if (!result) return;
      }
      Item& given = unwrap(result);
      if (given.batch() != batch.get() || given.index() != index) {
        made.push(std::move(given));
      } else if (!kept.empty() && kept.back().end == index) {
        ++kept.back().end;
      } else {
        kept.push_back({index, index + 1});
      }
    });
    made.flush();
    if (kept.empty()) return;
    const TypeInfo& type = *batch->type;
    if (kept.size() == 1 && kept[0].begin == 0 && kept[0].end == begun && begun == batch->count) {
      context.emit(0, batch.release());
    } else if (alone) {
      std::uint32_t to = 0;
      std::uint32_t from = 0;  // items before it have been moved or destroyed
      for (const Range& range : kept) {
        if (type.destroy != nullptr) type.destroy(batch->item(from), range.begin - from);
        if (to != range.begin) {  // an item can't be moved onto itself
          type.relocate(batch->item(to), batch->item(range.begin), range.end - range.begin);
        }
        to += range.end - range.begin;
        from = range.end;
      }
      if (type.destroy != nullptr) type.destroy(batch->item(from), begun - from);
      batch->count = to;
      context.emit(0, shrunk(std::move(batch), span).release());
    } else {
      copy_ranges(*batch, span, kept, context);
    }
  }

  template <class Ranges>
  static void copy_ranges(Batch& batch, std::size_t span, const Ranges& ranges, Context& context) {
    const TypeInfo& type = *batch.type;
    for (const auto& range : ranges) {
      try {
        BatchPtr copy(Batch::make(&type, range.end - range.begin, &batch));
        type.copy(copy->items(), batch.item(range.begin), range.end - range.begin);
        copy->count = range.end - range.begin;
        if (batch.storage != nullptr) {
          batch.storage->acquire();
          copy->storage = batch.storage;
        }
        context.emit(0, shrunk(std::move(copy), span).release());
      } catch (...) {
        const Failure failure = failure_in_hand();
        for (std::uint32_t i = range.begin; i < range.end; ++i) context.fail(&batch, i, failure);
      }
    }
  }

  template <class T>
  static T& unwrap(T& result) {
    return result;
  }
  template <class T>
  static T& unwrap(std::optional<T>& result) {
    return *result;
  }
};

}  // namespace weir::abi
