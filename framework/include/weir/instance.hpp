#pragma once

/// Makes what the framework calls (abi::Instance, abi::NodeType) of a node struct.

#include <chrono>
#include <concepts>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <weir/describe.hpp>
#include <weir/loop.hpp>
#include <weir/patience.hpp>
#include <weir/signature.hpp>
#include <weir/task.hpp>

namespace weir::abi {

template <class N>
constexpr bool blocks_statically() {
  if constexpr (requires {
                  { N::blocking } -> std::convertible_to<bool>;
                }) {
    return N::blocking;
  } else {
    return false;
  }
}

// A member of one of these names that can't be called would be passed over in silence.
template <class N>
concept NamesStart = std::is_member_function_pointer_v<decltype(&N::start)>;
template <class N>
concept NamesFinish = std::is_member_function_pointer_v<decltype(&N::finish)>;
template <class N>
concept NamesAfterBatch = std::is_member_function_pointer_v<decltype(&N::after_batch)>;
template <class N>
concept NamesValidate = std::is_member_function_pointer_v<decltype(&N::validate)>;
template <class N>
concept NamesTotal = std::is_member_function_pointer_v<decltype(&N::total)>;
template <class N>
concept NamesOutputType = std::is_member_function_pointer_v<decltype(&N::output_type)>;

/// What both kinds of node have in common.
template <class N>
class NodeInstance : public Instance {
 public:
  void* node() noexcept override { return &node_; }

  std::optional<ParamError> validate() noexcept override {
    if constexpr (requires(const N& n) { n.validate(); }) {
      try {
        std::as_const(node_).validate();
      } catch (const BadValue& bad) {
        return ParamError{bad.place(), bad.what()};
      } catch (...) {
        return ParamError{Place{}, what_was_thrown()};
      }
    } else {
      static_assert(!NamesValidate<N>, "write 'void validate() const'");
    }
    return std::nullopt;
  }

  bool blocking() const noexcept override {
    if constexpr (requires(const N& n) {
                    { n.blocking() } -> std::convertible_to<bool>;
                  }) {
      try {
        return node_.blocking();
      } catch (...) {
        return true;  // a thread of its own is right for any source
      }
    } else {
      return blocks_statically<N>();
    }
  }

  std::string output_type(const char* input) noexcept override {
    if constexpr (requires(const N& n, std::string_view name) {
                    { n.output_type(name) } -> std::convertible_to<std::string>;
                  }) {
      try {
        return std::as_const(node_).output_type(input == nullptr ? std::string_view() : input);
      } catch (...) {
        return kOutputTypeError + what_was_thrown();
      }
    } else {
      static_assert(!NamesOutputType<N>,
                    "write 'std::string output_type(std::string_view input) const'");
      (void)input;
      return {};
    }
  }

  std::string start(Host& host) noexcept override {
    return in_words([&] {
      if constexpr (requires(N & n) { n.start(host); }) {
        node_.start(host);
      } else if constexpr (requires(N & n) { n.start(); }) {
        node_.start();
      } else {
        static_assert(!NamesStart<N>, "write 'void start()' or 'void start(weir::Host&)'");
      }
    });
  }

  std::string finish(Outcome outcome, Host& host) noexcept override {
    return in_words([&] {
      if constexpr (requires(N & n) { n.finish(outcome, host); }) {
        node_.finish(outcome, host);
      } else if constexpr (requires(N & n) { n.finish(outcome); }) {
        node_.finish(outcome);
      } else {
        static_assert(!NamesFinish<N>,
                      "write 'void finish(weir::Outcome)', if wanted with a weir::Host& behind");
      }
    });
  }

 protected:
  template <class F>
  static std::string in_words(F&& f) noexcept {
    try {
      f();
      return {};
    } catch (...) {
      return what_was_thrown();
    }
  }

  N node_{};
};

/// The writers that a call needs: one for `Out<T>&`, or the node's `Ports`.
template <class N, class OutT, class Ports>
struct Writers {
  [[no_unique_address]] std::conditional_t<std::is_same_v<OutT, Nothing>, Nothing, Out<OutT>> out;
  [[no_unique_address]] Ports ports;

  void attach(Context& context, Batch* like, std::uint32_t room) {
    if constexpr (!std::is_same_v<OutT, Nothing>) out.writer().attach(context, 0, like, room);
    if constexpr (!std::is_same_v<Ports, Nothing>) {
      std::uint32_t port = 0;
      for (const auto attach_port : Describe<N>::ports()) {
        attach_port(&ports, context, port++, like, room);
      }
    }
  }

  template <class P>
  decltype(auto) get(Host& host) {
    if constexpr (std::is_same_v<P, Host&>) {
      return static_cast<Host&>(host);
    } else if constexpr (std::is_same_v<P, Ports&>) {
      return static_cast<Ports&>(ports);
    } else {
      return (out);
    }
  }
};

template <class N, class Input, class... Extras, class W>
decltype(auto) call_node(N& node, Input&& input, Host& host, W& writers, List<Extras...>) {
  return node(std::forward<Input>(input), writers.template get<Extras>(host)...);
}

template <class N>
concept HasDue = requires(N& n) {
  n.due();
};
template <class N>
concept NamesDue = std::is_member_function_pointer_v<decltype(&N::due)>;

template <class N>
concept HasIsEmpty = requires(const N& n) {
  { n.is_empty() }
  noexcept->std::same_as<bool>;
};

/// What `when_due` gives out by: the same port as the call operator or `next`.
template <class N>
struct DueOut {
  using type = typename Call<N>::OutT;
};
template <IsCollector N>
struct DueOut<N> {
  using type = typename Next<N>::Given;
};

/// Functions and sinks that compute or block.
template <class N>
class FunctionInstance : public NodeInstance<N> {
  using C = Call<N>;
  using In = element_t<typename C::Input>;

 public:
  std::optional<std::chrono::steady_clock::time_point> due() noexcept override {
    if constexpr (HasDue<N>) {
      static_assert(noexcept(this->node_.due()),
                    "write 'std::optional<std::chrono::steady_clock::time_point> due() const "
                    "noexcept'");
      return std::as_const(this->node_).due();
    } else {
      return std::nullopt;
    }
  }

  std::string tick(Host& host, Context& context) noexcept override {
    if constexpr (HasDue<N>) {
      return this->in_words([&] {
        Out<typename DueOut<N>::type> out;
        out.writer().attach(context, 0, nullptr, 1024);
        if constexpr (requires { this->node_.when_due(out, host); }) {
          this->node_.when_due(out, host);
        } else {
          this->node_.when_due(out);
        }
      });
    } else {
      return {};
    }
  }

  bool is_empty() noexcept override {
    if constexpr (HasIsEmpty<N>) return std::as_const(this->node_).is_empty();
    return false;
  }

  void process(Batch* taken, Host& host, Context& context) noexcept override {
    BatchPtr batch(taken);
    N& node = this->node_;
    if constexpr (C::returns) {
      Writers<N, Nothing, Nothing> none;
      Transformer<typename C::Result>::template run<In>(
          std::move(batch), context,
          [&](Batch& in, std::uint32_t index, bool alone) -> typename C::Result {
            return call_node(node, argument<typename C::Input, C::nothrow>(in, index, alone), host,
                             none, typename C::Extras{});
          });
    } else {
      Writers<N, typename C::OutT, typename C::Ports> writers;
      writers.attach(context, batch.get(), batch->count);
      const bool alone = batch->alone();
      [[maybe_unused]] const std::uint32_t begun =
          for_each_item<In>(batch.get(), context, [&](std::uint32_t index) {
            call_node(node, argument<typename C::Input, C::nothrow>(*batch, index, alone), host,
                      writers, typename C::Extras{});
          });
      if constexpr (requires { node.after_batch(host); }) {
        try {
          node.after_batch(host);
        } catch (...) {
          // Which of them it is about can't be told: none of them is done.
          const Failure failure = failure_in_hand();
          for (std::uint32_t i = 0; i < begun; ++i) context.fail(batch.get(), i, failure);
        }
      } else {
        static_assert(!NamesAfterBatch<N>, "write 'void after_batch(weir::Host&)'");
      }
    }
  }
};

/// Functions that wait.
template <class N>
class WaitingInstance final : public NodeInstance<N> {
  using C = Call<N>;

 public:
  void begin(Operation& operation) noexcept override {
    try {
      drive(this->node_, operation);
    } catch (...) {  // no memory for the coroutine: nothing of it has run
      operation.finish(End::failed, failure_in_hand());
    }
  }

 private:
  static Detached drive(N& node, Operation& operation) {
    End end = End::done;
    Failure failure;
    try {
      Writers<N, typename C::OutT, typename C::Ports> writers;
      writers.attach(operation, operation.input, 1);
      if constexpr (std::is_same_v<element_t<typename C::Input>, std::string_view>) {
        operation.current = *operation.input->template column<std::string_view>();
      }
      // Lives in this frame, so that a coroutine that takes it by reference may wait.
      decltype(auto) input =
          argument<typename C::Input, C::nothrow>(*operation.input, 0, operation.input->alone());
      if constexpr (C::returns) {
        auto result = co_await call_node(node, std::forward<decltype(input)>(input),
                                         *operation.host, writers, typename C::Extras{});
        emit(result, operation);
      } else {
        co_await call_node(node, std::forward<decltype(input)>(input), *operation.host, writers,
                           typename C::Extras{});
      }
    } catch (const Cancelled&) {
      end = End::cancelled;
    } catch (...) {
      end = End::failed;
      failure = failure_in_hand();
    }
    operation.finish(end, failure);
  }

  template <class T>
  static void emit(std::optional<T>& result, Operation& operation) {
    if (result) emit(*result, operation);
  }
  template <class T>
  static void emit(T& result, Operation& operation) {
    Writer<element_t<T>> writer;
    writer.attach(operation, 0, operation.input, 1);
    writer.push(std::move(result));
  }
};

/// What gives out items by `next`: a source, or a collector. `Base` is what it is besides.
template <class N, class Base>
class Producing final : public Base {
  using S = Next<N>;

 public:
  std::optional<std::int64_t> total() noexcept override {
    if constexpr (requires(const N& n) {
                    { n.total() } -> std::convertible_to<std::optional<std::int64_t>>;
                  }) {
      try {
        return std::as_const(this->node_).total();
      } catch (...) {
        return std::nullopt;  // it is only shown
      }
    } else {
      static_assert(!IsSource<N> || !NamesTotal<N>,
                    "write 'std::optional<std::int64_t> total() const'");
      return std::nullopt;
    }
  }

  Produced produce(std::uint32_t most, Host& host, Context& context,
                   std::string& error) noexcept override {
    try {
      if constexpr (S::has_out) {
        Counting counting(context);
        Writers<N, typename S::Given, Nothing> writers;  // hands on its last batch when it goes
        writers.attach(counting, nullptr, most);
        const bool blocking = this->blocking();
        // Calls until a batch is full, or it has taken long; one that may block is called once, so
        // that nothing waits for what isn't there yet.
        Patience patience;
        do {
          if (!next(host, writers, typename S::Parameters{})) return Produced::end;
        } while (!blocking && counting.emitted == 0 && !patience.is_over());
      } else {
        Writer<element_t<typename S::Given>> writer;
        writer.attach(context, 0, nullptr, most);
        const std::uint32_t calls = this->blocking() ? 1 : most;
        Writers<N, Nothing, Nothing> none;
        Patience patience;
        for (std::uint32_t i = 0; i < calls && !patience.is_over(); ++i) {
          auto item = next(host, none, typename S::Parameters{});
          if (!item) return Produced::end;
          writer.push(std::move(*item));
        }
      }
      return Produced::more;
    } catch (...) {
      error = what_was_thrown();
      return Produced::failed;
    }
  }

 private:
  /// Passes batches on and counts them.
  class Counting final : public Context {
   public:
    explicit Counting(Context& to) : to_(to) {}
    void emit(std::uint32_t port, Batch* batch) noexcept override {
      ++emitted;
      to_.emit(port, batch);
    }
    void fail(Batch* batch, std::uint32_t index, const Failure& failure) noexcept override {
      to_.fail(batch, index, failure);
    }
    bool hand_back(Batch* batch, std::uint32_t index) noexcept override {
      return to_.hand_back(batch, index);
    }
    std::uint32_t emitted = 0;

   private:
    Context& to_;
  };

  template <class... P, class W>
  auto next(Host& host, W& writers, List<P...>) {
    return this->node_.next(writers.template get<P>(host)...);
  }
};

template <class N>
class QueueInstance final : public NodeInstance<N> {};

template <class N>
NodeType describe_type() {
  NodeType type;
  Describe<N> description(type);
  N::describe(description);
  description.keep_ports();
  const auto single_output = [&]<class T>(std::type_identity<T>) {
    PortSpec port;
    port.name = "out";
    port.doc = description.output_doc();
    if constexpr (!std::is_same_v<element_t<T>, Item>) port.type = &type_info<element_t<T>>;
    type.outputs.push_back(port);
  };
  if constexpr (IsQueue<N>) {
    type.kind = Kind::queue;
    single_output(std::type_identity<Item>{});
    type.create = []() -> Instance* { return new QueueInstance<N>; };
  } else if constexpr (IsSource<N>) {
    type.kind = Kind::source;
    type.concurrent = false;
    type.work = blocks_statically<N>() ? Work::blocks : Work::computes;
    single_output(std::type_identity<typename Next<N>::Given>{});
    type.create = []() -> Instance* { return new Producing<N, NodeInstance<N>>; };
  } else {
    static_assert(
        HasCall<N>,
        "a node needs a call operator (one, and no template), or 'next' if it is a source");
    using C = Call<N>;
    using In = element_t<typename C::Input>;
    constexpr bool collects = IsCollector<N>;
    constexpr bool gives = C::returns || C::has_out || C::has_ports || collects;
    type.kind = gives || C::waits ? Kind::function : Kind::sink;
    type.concurrent = C::Function::is_const;
    type.expands = C::has_out || C::has_ports || collects;
    type.collects = collects;
    if constexpr (!std::is_same_v<In, Item>) type.input = &type_info<In>;
    if constexpr (C::returns) single_output(std::type_identity<typename C::Given>{});
    if constexpr (C::has_out) single_output(std::type_identity<typename C::OutT>{});
    if constexpr (collects) {
      using Given = typename Next<N>::Given;
      static_assert(!C::returns && !C::has_ports && !C::waits && !C::Function::is_const,
                    "a node with a call operator and 'next' keeps items: write 'void "
                    "operator()(T)', if wanted with a weir::Out<…>& behind");
      static_assert(!C::has_out || std::is_same_v<typename C::OutT, Given>,
                    "the call operator and 'next' give out by the same port: the same type");
      if constexpr (!C::has_out) single_output(std::type_identity<Given>{});
    }
    if constexpr (HasDue<N>) {
      static_assert(collects, "only a node with a call operator and 'next' can have 'due'");
      type.ticks = true;
    } else {
      static_assert(!NamesDue<N>,
                    "write 'std::optional<std::chrono::steady_clock::time_point> "
                    "due() const noexcept'");
    }
    if constexpr (C::has_ports) {
      if (type.outputs.empty()) {
        throw std::logic_error("node '" + type.name + "' describes none of its ports");
      }
      if (description.described_ports() < sizeof(typename C::Ports)) {
        throw std::logic_error("node '" + type.name +
                               "' doesn't describe every member of its Ports: call "
                               "d.output<&Ports::…> for each");
      }
    }
    if constexpr (C::waits) {
      static_assert(!blocks_statically<N>(), "a node that waits doesn't block");
      type.work = Work::waits;
      type.create = []() -> Instance* { return new WaitingInstance<N>; };
    } else {
      type.work = blocks_statically<N>() ? Work::blocks : Work::computes;
      if constexpr (collects) {
        static_assert(!blocks_statically<N>(), "a node that keeps items can't block");
        type.create = []() -> Instance* { return new Producing<N, FunctionInstance<N>>; };
      } else {
        type.create = []() -> Instance* { return new FunctionInstance<N>; };
      }
    }
  }
  if (type.name.empty()) throw std::logic_error("a node without a name: call d.node in describe");
  return type;
}

}  // namespace weir::abi
