#pragma once

/// What a node's call operator or `next` takes and gives, read off its type.

#include <optional>
#include <type_traits>
#include <utility>

#include <weir/item.hpp>
#include <weir/loop.hpp>
#include <weir/out.hpp>
#include <weir/task.hpp>

namespace weir::abi {

template <class... P>
struct List {};

template <class F>
struct MemberFunction;

template <class C, class R, class... P>
struct MemberFunction<R (C::*)(P...)> {
  using Result = R;
  using Parameters = List<P...>;
  static constexpr bool is_const = false;
  static constexpr bool is_noexcept = false;
};
template <class C, class R, class... P>
struct MemberFunction<R (C::*)(P...) const> : MemberFunction<R (C::*)(P...)> {
  static constexpr bool is_const = true;
};
template <class C, class R, class... P>
struct MemberFunction<R (C::*)(P...) noexcept> : MemberFunction<R (C::*)(P...)> {
  static constexpr bool is_noexcept = true;
};
template <class C, class R, class... P>
struct MemberFunction<R (C::*)(P...) const noexcept> : MemberFunction<R (C::*)(P...)> {
  static constexpr bool is_const = true;
  static constexpr bool is_noexcept = true;
};

template <class T>
struct IsTask : std::false_type {
  using Result = T;
};
template <class T>
struct IsTask<Task<T>> : std::true_type {
  using Result = T;
};

template <class T>
struct IsOut : std::false_type {};
template <class T>
struct IsOut<Out<T>&> : std::true_type {
  using Item = T;
};

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};

struct Nothing {};

/// `N::Ports`, or Nothing.
template <class N>
struct PortsOf {
  using type = Nothing;
};
template <class N>
requires requires { typename N::Ports; }
struct PortsOf<N> {
  using type = typename N::Ports;
};

/// The item that `Out<T>&` among the parameters carries, or Nothing.
template <class... P>
struct OutItem {
  using type = Nothing;
};
template <class First, class... Rest>
struct OutItem<First, Rest...> : OutItem<Rest...> {};
template <class T, class... Rest>
struct OutItem<Out<T>&, Rest...> {
  using type = T;
};

template <class N>
concept HasNext = requires {
  &N::next;
};
template <class N>
concept HasCall = requires {
  &N::operator();
};
template <class N>
concept IsSource = HasNext<N> && !HasCall<N>;
/// Takes items, and gives out others by `next` when its input has ended.
template <class N>
concept IsCollector = HasNext<N> && HasCall<N>;
template <class N>
concept IsQueue = requires {
  N::weir_queue;
};

template <class L>
struct Split {
  static_assert(!std::is_same_v<L, List<>>, "a node's call operator takes the item first");
  using Input = Nothing;
  using Extras = List<>;
};
template <class First, class... Rest>
struct Split<List<First, Rest...>> {
  using Input = First;
  using Extras = List<Rest...>;
};

template <class N, class L>
struct ExtrasOf;
template <class N, class... P>
struct ExtrasOf<N, List<P...>> {
  using Ports = typename PortsOf<N>::type;
  using OutT = typename OutItem<P...>::type;
  static constexpr bool has_out = !std::is_same_v<OutT, Nothing>;
  static constexpr bool has_ports = (std::is_same_v<P, Ports&> || ...);
  static constexpr bool good =
      ((std::is_same_v<P, Host&> || std::is_same_v<P, Ports&> || IsOut<P>::value) && ...);
  static_assert(
      good, "behind the item, a node's call operator takes weir::Host&, weir::Out<T>& or Ports&");
  static_assert(!(has_out && has_ports), "take either weir::Out<T>& or Ports&");
};

/// Of a function or sink.
template <class N>
struct Call {
  using Function = MemberFunction<decltype(&N::operator())>;
  using Input = typename Split<typename Function::Parameters>::Input;
  using Extras = typename Split<typename Function::Parameters>::Extras;
  using Result = typename IsTask<typename Function::Result>::Result;
  using Given = typename Unwrapped<Result>::type;
  using Ports = typename ExtrasOf<N, Extras>::Ports;
  using OutT = typename ExtrasOf<N, Extras>::OutT;
  static constexpr bool waits = IsTask<typename Function::Result>::value;
  static constexpr bool has_out = ExtrasOf<N, Extras>::has_out;
  static constexpr bool has_ports = ExtrasOf<N, Extras>::has_ports;
  static constexpr bool returns = !std::is_void_v<Result>;
  static constexpr bool nothrow = Function::is_noexcept;
  static_assert(!(returns && (has_out || has_ports)),
                "a node gives out by its result or by weir::Out/Ports, not by both");
};

/// Of a source.
template <class N>
struct Next {
  using Function = MemberFunction<decltype(&N::next)>;
  using Result = typename Function::Result;
  using Parameters = typename Function::Parameters;
  static constexpr bool has_out = ExtrasOf<N, Parameters>::has_out;
  using Given = std::conditional_t<has_out, typename ExtrasOf<N, Parameters>::OutT,
                                   typename Unwrapped<Result>::type>;
  static_assert(has_out ? std::is_same_v<Result, bool> : IsOptional<Result>::value,
                "write 'std::optional<T> next()' or 'bool next(weir::Out<T>&)'");
};

}  // namespace weir::abi
