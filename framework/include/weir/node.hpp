#pragma once

/// What the author of a node includes. A node is a plain struct with a call operator (a source:
/// with `next`) and a static `describe`; `WEIR_PLUGIN` makes a plugin of such structs.
///
/// The call operator takes the item, by value or by const reference, or as `weir::Item` for items
/// of any type. Behind it, in any order, may come `weir::Host&`, one `weir::Out<T>&` or a
/// `Ports&`. It returns
///
///   T                       one item for each
///   std::optional<T>        the same; nullopt drops the item
///   void                    nothing: a sink, unless it has an `Out` or `Ports` to give out by
///   weir::Task<any of them> the same, for work that waits
///
/// If it is const, it may be called from several threads at a time. Throwing fails the item.
///
/// A source has one of
///
///   std::optional<T> next()             nullopt ends the stream
///   bool next(weir::Out<T>& out)        gives out any number; false ends the stream
///
/// with `weir::Host&` behind, if it wants. It is called from one thread at a time. Throwing stops
/// the run.
///
/// A node with both a call operator (that returns void) and `next` keeps items: when its input has
/// ended, it gives out by `next` like a source. It may give out earlier, by an `Out<T>&` of the
/// call operator. If it wants to be called at a certain time although no item comes:
///
///   std::optional<std::chrono::steady_clock::time_point> due() const noexcept
///   void when_due(weir::Out<T>& out)          at that time, or soon after
///
/// And if what it gives out is not made of all that has come, but of what has come since it had
/// nothing last:
///
///   bool is_empty() const noexcept            whether it has nothing now
///
/// Optional members; `start` and `finish` with a `weir::Host&` at the end, if wanted:
///
///   static constexpr bool blocking = true;    it blocks: it gets threads of its own
///   bool blocking() const                     the same for a source, decided by its parameters
///   void validate() const                     throws if the parameters don't fit together
///   std::string output_type(std::string_view input) const
///                                             what a `weir::Item` given out holds: a type's name;
///                                             throws if it can't take what comes in. Called by the
///                                             check, and before `start`
///   void start()                              before the first item; throwing stops the run
///   void after_batch(weir::Host&)             of a sink: after some items; it should write what is
///                                             buffered. Throwing fails all of these items
///   void finish(weir::Outcome)                after the last one; throwing is an error of the run

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <weir/abi.hpp>
#include <weir/describe.hpp>
#include <weir/instance.hpp>
#include <weir/item.hpp>
#include <weir/out.hpp>
#include <weir/param.hpp>
#include <weir/task.hpp>

namespace weir::abi {

template <class... Nodes>
const char* fill_table(Table* table, const char* name) noexcept {
  try {
    table->name = name;
    (table->types.push_back(describe_type<Nodes>()), ...);
    return nullptr;
  } catch (const std::bad_alloc&) {
    return "there is no memory left for it";  // nor for a text
  } catch (...) {
    thread_local std::string error;
    error = what_was_thrown();
    return error.c_str();
  }
}

}  // namespace weir::abi

/// Makes a plugin of node structs: `WEIR_PLUGIN("numbers", Scale, Count)`, once in a library,
/// outside of any namespace. NAME tells people where a node comes from.
#define WEIR_PLUGIN(NAME, ...)                                                                  \
  extern "C" __attribute__((visibility("default"))) const ::weir::abi::Stamp weir_plugin_stamp; \
  constinit const ::weir::abi::Stamp weir_plugin_stamp = ::weir::abi::make_stamp();             \
  extern "C" __attribute__((visibility("default"))) const char* weir_plugin_table(              \
      ::weir::abi::Table* table) noexcept {                                                     \
    return ::weir::abi::fill_table<__VA_ARGS__>(table, NAME);                                   \
  }

/// The same for nodes that are linked into a program: defines `weir::abi::Table FUNCTION()`.
#define WEIR_NODES(FUNCTION, NAME, ...)                                           \
  ::weir::abi::Table FUNCTION() {                                                 \
    ::weir::abi::Table table;                                                     \
    if (const char* error = ::weir::abi::fill_table<__VA_ARGS__>(&table, NAME)) { \
      throw std::logic_error(error);                                              \
    }                                                                             \
    return table;                                                                 \
  }
