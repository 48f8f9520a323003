#pragma once

/// How a node describes itself: its name, its parameters, its ports.

#include <functional>
#include <initializer_list>
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

}  // namespace abi

/// Refines a parameter: `d.param<&Scale::factor>("factor", "…").between(1, 1000)`.
template <class N, auto Member>
class ParamDescription {
  using T = typename abi::MemberPointer<decltype(Member)>::Value;
  using V = typename abi::ParamValue<T>::type;

 public:
  explicit ParamDescription(abi::ParamSpec& spec) : spec_(&spec) {}

  /// It must be given.
  ParamDescription& required() {
    spec_->required = true;
    spec_->default_text.clear();
    return *this;
  }
  /// Both ends included.
  ParamDescription& between(V low, V high) {
    const std::string range = ParamType<V>::text(low) + ".." + ParamType<V>::text(high);
    return check(range,
                 "must be between " + ParamType<V>::text(low) + " and " + ParamType<V>::text(high),
                 [low, high](const V& value) { return !(value < low) && !(high < value); });
  }
  ParamDescription& at_least(V low) {
    return check(">= " + ParamType<V>::text(low), "must be at least " + ParamType<V>::text(low),
                 [low](const V& value) { return !(value < low); });
  }
  ParamDescription& greater_than(V low) {
    return check("> " + ParamType<V>::text(low), "must be greater than " + ParamType<V>::text(low),
                 [low](const V& value) { return low < value; });
  }
  /// It is the path of a file that the node writes: two nodes of a pipeline that name the same one
  /// are an error of the file.
  ParamDescription& output_file() {
    spec_->output_file = true;
    return *this;
  }
  ParamDescription& not_empty() {
    return check("", "must not be empty", [](const V& value) { return !value.empty(); });
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
  template <class Test>
  ParamDescription& check(const std::string& range, const std::string& expectation, Test test) {
    if (!range.empty()) spec_->range = range;
    spec_->set = [before = std::move(spec_->set), expectation, test](
                     void* node, const Value& value) -> std::optional<abi::ParamError> {
      if (auto error = before(node, value)) return error;
      const T& member = static_cast<N*>(node)->*Member;
      bool good = false;
      if constexpr (std::is_same_v<T, V>) {
        good = test(member);
      } else {
        good = !member || test(*member);
      }
      if (good) return std::nullopt;
      std::string shown = value.is_scalar() && !value.text.empty() ? "'" + value.text + "'" : "it";
      return abi::ParamError{value.place, shown + " " + expectation};
    };
    return *this;
  }

  abi::ParamSpec* spec_;
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
