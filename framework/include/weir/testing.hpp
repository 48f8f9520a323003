#pragma once

/// To try one node without a pipeline, and without linking to weir: its parameters bound and
/// checked as those of a file are, its items brought to it by the very loop that is compiled into a
/// plugin, what it waits for in virtual time.
///
///   weir::testing::NodeUnderTest<Scale> scale({{"factor", 3}});
///   EXPECT_EQ(scale.give(14).out(), std::vector<std::int64_t>{42});
///
///   weir::testing::NodeUnderTest<Ping> ping;
///   ping.host().answer([](const weir::Command& command) { return weir::ProcessResult{…}; });
///   EXPECT_EQ(ping.give("a", "b").failures().size(), 0u);
///
/// What needs none of that needs none of this: a node is a struct that can be called.

#include <algorithm>
#include <atomic>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <weir/node.hpp>
#include <weir/testing/given.hpp>
#include <weir/testing/host.hpp>
#include <weir/testing/parameters.hpp>

namespace weir::testing {

/// Stands for a type.
template <class T>
struct TypeTag {
  using type = T;
};

/// What the only output port of `N` carries, or void.
template <class N>
constexpr auto output_of() {
  if constexpr (abi::HasNext<N>) {
    return TypeTag<Owned<typename abi::Next<N>::Given>>{};
  } else if constexpr (abi::Call<N>::returns) {
    return TypeTag<Owned<typename abi::Call<N>::Given>>{};
  } else if constexpr (abi::Call<N>::has_out) {
    return TypeTag<Owned<typename abi::Call<N>::OutT>>{};
  } else {
    return TypeTag<void>{};
  }
}

/// What the column is made of that a test's value goes into: `"text"` and the like are text.
template <class T>
using Column = typename std::conditional_t<
    std::is_convertible_v<T, std::string_view> && !abi::HasField<std::remove_cvref_t<T>>,
    TypeTag<std::string_view>, abi::Element<std::remove_cvref_t<T>>>::type;

/// A batch of these items. Throws std::out_of_range for an integer beyond 64 bits.
template <class E, class... T>
abi::BatchPtr make_batch(T&&... items) {
  abi::BatchPtr batch(abi::Batch::make(&abi::type_info<E>, sizeof...(items)));
  abi::TextStorage storage;
  const auto add = [&]<class Given>(Given&& item) {
    void* to = batch->column<E>() + batch->count;
    if constexpr (std::is_same_v<E, std::string_view>) {
      ::new (to) std::string_view(storage.keep(item));
    } else if constexpr (std::is_same_v<E, std::int64_t>) {
      ::new (to) E(abi::checked_integer<std::int64_t>(item));
    } else {
      ::new (to) E(std::forward<Given>(item));
    }
    ++batch->count;
  };
  (add(std::forward<T>(items)), ...);
  batch->storage = storage.take(nullptr);
  return batch;
}

/// One node. Not thread-safe. Items come to it one after the other, except that those of one call
/// wait together.
template <class N>
class NodeUnderTest {
 public:
  using Result = Given<typename decltype(output_of<N>())::type>;

  /// Throws std::invalid_argument if a pipeline file could not set these parameters, with the
  /// messages that it would get, a line each.
  explicit NodeUnderTest(std::initializer_list<Parameter> parameters = {})
      : instance_(type().create()) {
    bind(parameters);
  }
  NodeUnderTest(const NodeUnderTest&) = delete;
  NodeUnderTest& operator=(const NodeUnderTest&) = delete;

  /// What `describe` and the signature say. Throws std::logic_error if they don't fit together.
  static const abi::NodeType& type() {
    static const abi::NodeType described = abi::describe_type<N>();
    return described;
  }
  N& node() { return *static_cast<N*>(instance_->node()); }
  TestHost& host() { return host_; }
  abi::Instance& instance() { return *instance_; }

  /// Comes by itself before the first item. Throws std::runtime_error with what the node threw.
  void start() {
    started_ = true;
    raise(instance_->start(host_));
  }
  /// The run is over. Throws std::runtime_error with what the node threw.
  void finish(Outcome outcome = Outcome::complete) {
    if (!started_) start();
    raise(instance_->finish(outcome, host_));
  }

  /// Brings items to the node, in one batch; a node that waits gets all of them at the same time.
  /// Any that the node's parameter can be made of; a node of `weir::Item`s: of one type.
  template <class First, class... Rest>
  Result give(First&& first, Rest&&... rest) {
    using In = abi::element_t<typename abi::Call<N>::Input>;
    using E = std::conditional_t<std::is_same_v<In, Item>, Column<First>, In>;
    return give_batch(make_batch<E>(std::forward<First>(first), std::forward<Rest>(rest)...));
  }
  /// The same with items [begin, end) of a container, copied.
  template <class Container>
  Result give_all(const Container& items) {
    using In = abi::element_t<typename abi::Call<N>::Input>;
    using E =
        std::conditional_t<std::is_same_v<In, Item>, Column<typename Container::value_type>, In>;
    abi::BatchPtr batch(abi::Batch::make(&abi::type_info<E>, items.size()));
    for (const auto& item : items) {
      abi::BatchPtr single = make_batch<E>(item);
      abi::type_info<E>.relocate(batch->item(batch->count), single->items(), 1);
      single->count = 0;
      ++batch->count;
      if (single->storage == nullptr) continue;
      single->storage->next = std::exchange(batch->storage, single->storage);
      single->storage = nullptr;
    }
    return give_batch(std::move(batch));
  }
  /// For tests of the framework. Who else holds the batch sees to it that the node can't work in
  /// place.
  Result give_batch(abi::BatchPtr batch) {
    if (!started_) start();
    Result result(type());
    result.items_ = batch->count;
    typename Result::Collector collector(result, &yield_);
    if (type().work == abi::Work::waits) {
      wait_for_all(std::move(batch), collector, result);
    } else {
      instance_->process(batch.release(), host_, collector);
    }
    return result;
  }
  /// For tests of the framework: the task turns out long, and should hand back what it can.
  void ask_to_yield() { yield_ = true; }

  /// When the node wants to be called although no item comes.
  std::optional<std::chrono::steady_clock::time_point> due() { return instance_->due(); }
  /// It is that time. Throws std::runtime_error with what the node threw.
  Result tick() {
    Result result(type());
    typename Result::Collector collector(result, nullptr);
    raise(instance_->tick(host_, collector));
    return result;
  }

  /// Takes items from a source, or from a collector whose input has ended: `most`, or fewer if it
  /// ends, or some more if it gives several at once.
  Result take(std::uint32_t most) requires abi::HasNext<N> {
    if (!started_) start();
    Result result(type());
    typename Result::Collector collector(result, nullptr);
    while (!result.ended_ && result.items_ < most) {
      std::string error;
      const auto left = static_cast<std::uint32_t>(most - result.items_);
      const abi::Produced produced = instance_->produce(left, host_, collector, error);
      result.ended_ = produced != abi::Produced::more;
      result.items_ = 0;
      for (const abi::BatchPtr& batch : result.batches()) result.items_ += batch->count;
      if (produced == abi::Produced::failed) {
        Failure failure;
        failure.error = error;
        result.failures_.push_back({{}, std::move(failure)});
        ++result.items_;
      }
    }
    return result;
  }

 private:
  /// One item in hand at a node that waits.
  struct Operation final : abi::Operation {
    Operation(abi::BatchPtr item, TestHost& test_host, typename Result::Collector& to,
              std::size_t& cancelled)
        : batch(std::move(item)), collector(to), cancelled_count(cancelled) {
      input = batch.get();
      host = &test_host;
    }
    void emit(std::uint32_t port, abi::Batch* given) noexcept override {
      collector.emit(port, given);
    }
    void fail(abi::Batch*, std::uint32_t, const Failure&) noexcept override {}
    bool hand_back(abi::Batch*, std::uint32_t) noexcept override { return false; }
    void finish(abi::End end, const Failure& failure) noexcept override {
      if (end == abi::End::failed) collector.fail(input, 0, failure);
      if (end == abi::End::cancelled) ++cancelled_count;
      finished = true;
    }

    abi::BatchPtr batch;
    typename Result::Collector& collector;
    std::size_t& cancelled_count;
    bool finished = false;
  };

  void wait_for_all(abi::BatchPtr batch, typename Result::Collector& collector, Result& result) {
    std::vector<std::unique_ptr<Operation>> operations;
    const auto add = [&](abi::BatchPtr item) {
      operations.push_back(
          std::make_unique<Operation>(std::move(item), host_, collector, result.cancelled_));
    };
    const bool move = batch->alone();
    for (std::uint32_t i = 0; i < batch->count; ++i) add(Result::part(*batch, i, 1, move));
    if (move) batch->count = 0;
    batch = {};
    for (const auto& operation : operations) instance_->begin(*operation);
    const auto finished = [](const auto& operation) { return operation->finished; };
    while (!std::all_of(operations.begin(), operations.end(), finished)) {
      if (!host_.step()) {
        throw std::logic_error("the node waits for something that is not its weir::Host");
      }
    }
  }

  void bind(std::initializer_list<Parameter> parameters) {
    std::string errors;
    const auto say = [&](const std::string& error) {
      (errors += errors.empty() ? "" : "\n") += error;
    };
    const std::vector<abi::ParamSpec>& specs = type().params;
    for (const Parameter& parameter : parameters) {
      const auto spec = std::find_if(specs.begin(), specs.end(), [&](const abi::ParamSpec& known) {
        return known.name == parameter.name;
      });
      if (spec == specs.end()) {
        say(unknown(parameter.name));
      } else if (auto error = spec->set(instance_->node(), parameter.setting.value())) {
        say("'" + parameter.name + "': " + error->message);
      }
    }
    for (const abi::ParamSpec& spec : specs) {
      if (spec.required &&
          std::none_of(parameters.begin(), parameters.end(),
                       [&](const auto& given) { return given.name == spec.name; })) {
        say("'" + type().name + "' needs the parameter '" + spec.name + "': " + spec.doc);
      }
    }
    if (errors.empty()) {
      if (const auto error = instance_->validate()) say(error->message);
    }
    if (!errors.empty()) throw std::invalid_argument(errors);
  }

  static std::string unknown(const std::string& name) {
    constexpr const char* kKinds[] = {"source", "function", "queue", "sink"};
    std::string known;
    for (const abi::ParamSpec& spec : type().params)
      (known += known.empty() ? "" : ", ") += spec.name;
    return "unknown parameter '" + name + "' of " + kKinds[static_cast<int>(type().kind)] +
           " type '" + type().name + "'; it has " + (known.empty() ? "none" : known);
  }

  static void raise(const std::string& error) {
    if (!error.empty()) throw std::runtime_error(error);
  }

  TestHost host_;
  std::unique_ptr<abi::Instance> instance_;
  std::atomic<bool> yield_{false};
  bool started_ = false;
};

}  // namespace weir::testing
