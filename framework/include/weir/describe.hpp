#pragma once

/// How a node describes itself: its name, its parameters, its ports.

#include <cmath>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/abi.hpp>
#include <weir/param.hpp>
#include <weir/signature.hpp>

namespace weir {

namespace abi {

template <class M>
struct MemberPointer;
template <class C, class T>
struct MemberPointer<T C::*> {
  using Class = C;
  using Value = T;
};

template <class T>
struct ParamValue {
  using type = T;
};
template <class T>
struct ParamValue<std::optional<T>> {
  using type = T;
};

template <class T>
bool has_value(const T&) {
  return true;
}
template <class T>
bool has_value(const std::optional<T>& member) {
  return member.has_value();
}
template <class T>
const T& value_of(const T& member) {
  return member;
}
template <class T>
const T& value_of(const std::optional<T>& member) {
  return *member;
}

template <class T>
bool is_nan(const T& value) {
  if constexpr (std::is_floating_point_v<T>) return std::isnan(value);
  return false;
}

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

/// Whether it is an int below all that a `T` can be; of what is no integer type never.
template <class T>
bool is_below(const Value& value) {
  if constexpr (Integer<T>) {
    return value.kind == Value::Kind::integer &&
           std::cmp_less(value.integer, std::numeric_limits<T>::min());
  }
  return false;
}

/// Whether it is an int that a `T` can't be; of what is no integer type never.
template <class T>
bool is_beyond(const Value& value) {
  if constexpr (Integer<T>) {
    return value.kind == Value::Kind::integer && !std::in_range<T>(value.integer);
  }
  return false;
}

/// "0..255"; empty for what can be any int of a file.
template <class T>
std::string range_of_type() {
  if constexpr (Integer<T>) {
    if constexpr (sizeof(T) < sizeof(std::int64_t)) {
      return std::to_string(std::numeric_limits<T>::min()) + ".." +
             std::to_string(std::numeric_limits<T>::max());
    } else if constexpr (std::is_unsigned_v<T>) {
      return ">= 0";
    }
  }
  return {};
}

}  // namespace abi

/// Refines a parameter: `d.param<&Scale::factor>("factor", "…").between(1, 1000)`.
template <class N, auto Member>
class ParamDescription {
  using T = typename abi::MemberPointer<decltype(Member)>::Value;
  using V = typename abi::ParamValue<T>::type;

 public:
  explicit ParamDescription(abi::ParamSpec& spec) : spec_(&spec) {
    spec_->range = abi::range_of_type<V>();
  }

  /// It must be given.
  ParamDescription& required() {
    spec_->required = true;
    spec_->default_text.clear();
    return *this;
  }
  /// Both ends included.
  ParamDescription& between(V low, V high) {
    const std::string range = ParamType<V>::text(low) + ".." + ParamType<V>::text(high);
    return check(
        range, "must be between " + ParamType<V>::text(low) + " and " + ParamType<V>::text(high),
        [low, high](const V& value) { return !(value < low) && !(high < value); },
        [](const Value& value) { return abi::is_beyond<V>(value); });
  }
  ParamDescription& at_least(V low) {
    return check(
        ">= " + ParamType<V>::text(low), "must be at least " + ParamType<V>::text(low),
        [low](const V& value) { return !(value < low); },
        [](const Value& value) { return abi::is_below<V>(value); });
  }
  ParamDescription& greater_than(V low) {
    return check(
        "> " + ParamType<V>::text(low), "must be greater than " + ParamType<V>::text(low),
        [low](const V& value) { return low < value; },
        [](const Value& value) { return abi::is_below<V>(value); });
  }
  /// It is the path of a file that the node writes: two nodes of a pipeline that name the same one
  /// are an error of the file.
  ParamDescription& output_file() {
    spec_->output_file = true;
    return *this;
  }
  /// If the default is empty, that makes it required.
  ParamDescription& not_empty() {
    if constexpr (std::is_same_v<T, V>) {
      if ((N{}.*Member).empty()) required();
    }
    return check("not empty", "must not be empty", [](const V& value) { return !value.empty(); });
  }
  /// One of some texts.
  ParamDescription& one_of(
      std::initializer_list<std::string> choices) requires std::is_same_v<V, std::string> {
    const std::vector<std::string> known(choices);
    std::string range;
    for (const std::string& choice : known) (range += range.empty() ? "" : " | ") += choice;
    check(range, "must be one of " + range, [known](const std::string& value) {
      for (const std::string& choice : known) {
        if (choice == value) return true;
      }
      return false;
    });
    spec_->choices = known;
    return *this;
  }

 private:
  /// `fails_anyway` tells of a value that the member can't hold that it fails the test: then it is
  /// the test that is worth a message, and not the member's type.
  template <class Test>
  ParamDescription& check(
      const std::string& range, const std::string& expectation, Test test,
      bool (*fails_anyway)(const Value&) = [](const Value&) { return false; }) {
    add_range(range);
    spec_->set = [before = std::move(spec_->set), expectation, test, fails_anyway](
                     void* node, const Value& value) -> std::optional<abi::ParamError> {
      const std::string shown =
          value.is_scalar() && !value.text.empty() ? "'" + value.text + "' " : "it ";
      const abi::ParamError failure{value.place, shown + expectation};
      if (fails_anyway(value)) return failure;
      if (auto error = before(node, value)) return error;
      const T& member = static_cast<N*>(node)->*Member;
      if (value.faulty || !abi::has_value(member)) return std::nullopt;
      const V& given = abi::value_of(member);
      if (abi::is_nan(given)) return abi::ParamError{value.place, shown + "is not a number"};
      return test(given) ? std::nullopt : std::optional(failure);
    };
    return *this;
  }

  /// What is declared stands for what the type allows anyway.
  void add_range(const std::string& range) {
    if (!std::exchange(has_declared_range_, true)) spec_->range.clear();
    (spec_->range += spec_->range.empty() ? "" : ", ") += range;
  }

  abi::ParamSpec* spec_;
  bool has_declared_range_ = false;
};

/// Passed to a node's `describe`.
template <class N>
class Describe {
 public:
  explicit Describe(abi::NodeType& type) : type_(type) { type_.params.reserve(32); }

  /// Its name in pipeline files and one sentence about what it does.
  void node(std::string_view name, std::string_view doc) {
    type_.name = name;
    type_.doc = doc;
  }

  /// Binds a parameter to a member; the member's initial value is the default. `std::optional`
  /// members may be left out.
  template <auto Member>
  ParamDescription<N, Member> param(std::string_view name, std::string_view doc) {
    using T = typename abi::MemberPointer<decltype(Member)>::Value;
    static_assert(
        requires { ParamType<T>::name; },
        "a parameter can't have this type: specialise weir::ParamType for it");
    abi::ParamSpec spec;
    spec.name = name;
    spec.doc = doc;
    spec.type = ParamType<T>::name;
    spec.default_text = ParamType<T>::text(N{}.*Member);
    spec.set = [](void* node, const Value& value) -> std::optional<abi::ParamError> {
      try {
        static_cast<N*>(node)->*Member = ParamType<T>::parse(value);
        return std::nullopt;
      } catch (const BadValue& bad) {
        return abi::ParamError{bad.place(), bad.what()};
      } catch (...) {
        return abi::ParamError{value.place, abi::what_was_thrown()};
      }
    };
    if (type_.params.size() == type_.params.capacity()) {
      throw std::logic_error("node '" + type_.name + "' has more than 32 parameters");
    }
    return ParamDescription<N, Member>(type_.params.emplace_back(std::move(spec)));
  }

  /// What the node takes, in words.
  void input(std::string_view doc) { type_.input_doc = doc; }
  /// It uses the text of its items (`item.text()`): items of a type without a text form are an
  /// error of the file. For nodes that take `weir::Item`; what templates use is checked anyway.
  void needs_text() { type_.needs_text = true; }
  /// What the node gives out, in words.
  void output(std::string_view doc) { output_doc_ = doc; }

  /// A port of the `Ports` struct: `d.output<&Ports::small>("small", "Below the limit.")`.
  template <auto Port>
  void output(std::string_view name, std::string_view doc) {
    using OutT = typename abi::MemberPointer<decltype(Port)>::Value;
    using E = typename OutT::Element;
    abi::PortSpec spec;
    spec.name = name;
    spec.doc = doc;
    if constexpr (!std::is_same_v<E, Item>) spec.type = &abi::type_info<E>;
    type_.outputs.push_back(spec);
    described_ports_ += sizeof(OutT);
    const Attach attach = [](void* ports, abi::Context& context, std::uint32_t port,
                             abi::Batch* like, std::uint32_t room) {
      using Ports = typename abi::MemberPointer<decltype(Port)>::Class;
      (static_cast<Ports*>(ports)->*Port).writer().attach(context, port, like, room);
    };
    for (const Attach other : attach_) {
      if (other == attach) {
        throw std::logic_error("node '" + type_.name + "' describes the member of port '" +
                               spec.name + "' twice");
      }
    }
    attach_.push_back(attach);
  }

  /// For the framework.
  using Attach = void (*)(void* ports, abi::Context& context, std::uint32_t port, abi::Batch* like,
                          std::uint32_t room);
  /// How each port is made ready for a call, in the order of NodeType::outputs.
  static const std::vector<Attach>& ports() { return kept({}); }
  /// Keeps what this description says, once and for all: nodes may be running already.
  void keep_ports() { kept(std::move(attach_)); }
  const std::string& output_doc() const { return output_doc_; }
  std::size_t described_ports() const { return described_ports_; }  ///< in bytes of `Ports`

 private:
  static const std::vector<Attach>& kept(std::vector<Attach> first) {
    static const std::vector<Attach> all = std::move(first);
    return all;
  }

  abi::NodeType& type_;
  std::string output_doc_;
  std::vector<Attach> attach_;
  std::size_t described_ports_ = 0;
};

}  // namespace weir
