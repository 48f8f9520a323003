#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "nodes/stream/stream.hpp"

namespace weir::nodes {

void Take::describe(Describe<Take>& d) {
  d.node("take", "Gives out the first items, and then wants no more, so that sources end.");
  d.param<&Take::count>("count", "How many.").required().at_least(0);
  d.output("What came in.");
}

void Skip::describe(Describe<Skip>& d) {
  d.node("skip", "Drops the first items and gives out the others.");
  d.param<&Skip::count>("count", "How many to drop.").required().at_least(0);
  d.output("What came in.");
}

void Sample::describe(Describe<Sample>& d) {
  d.node("sample", "Gives out some of the items: every so many, or each with a probability.");
  d.param<&Sample::every>("every", "Gives out the first of every so many; this or `rate`.")
      .at_least(1);
  d.param<&Sample::rate>("rate", "The probability of each item, 0.1 for a tenth; this or `every`.")
      .between(0, 1);
  d.param<&Sample::seed>("seed",
                         "With `rate`: for the same choice in each run, as far as items come in "
                         "the same order; without it, each run chooses anew.");
  d.output("What came in.");
}

void Sample::validate() const {
  if (every.has_value() == rate.has_value()) {
    throw std::invalid_argument("'sample' needs 'every' or 'rate', and not both");
  }
  if (rate && std::isnan(*rate)) throw std::invalid_argument("'rate' must be between 0 and 1");
  if (seed && every) throw std::invalid_argument("'seed' is for 'rate'; 'every' leaves no choice");
}

void Sample::start() {
  if (every) return;
  state_ = seed ? static_cast<std::uint64_t>(*seed) : HashKey::random().first;
  least_passed_over_ = static_cast<std::uint64_t>(std::ldexp(*rate, 63));
}

void Dedupe::describe(Describe<Dedupe>& d) {
  d.node("dedupe", "Drops items whose key has come before.");
  d.needs_text();
  d.param<&Dedupe::by>("by", "The key.");
  d.param<&Dedupe::remember>("remember",
                             "How many keys are remembered, at up to 80 bytes each. The oldest is "
                             "forgotten first; a note at the end says how many were.")
      .between(1, 1'000'000'000);
  d.output("What came in, each key once.");
}

void Dedupe::start() {
  hash_key_ = HashKey::random();
  keys_ = RecentKeys(static_cast<std::size_t>(remember));
}

void Dedupe::finish(Outcome /*outcome*/, Host& host) {
  const std::size_t forgotten = keys_.forgotten();
  if (forgotten == 0) return;
  host.note("forgot " + std::to_string(forgotten) + (forgotten == 1 ? " key" : " keys") +
            ": if they came again, so did their items (`remember` is " + std::to_string(remember) +
            ")");
}

void BatchItems::describe(Describe<BatchItems>& d) {
  d.node("batch", "Puts several items into one record, a list.");
  d.needs_text();
  d.param<&BatchItems::size>("size", "How many; the last list may have fewer.")
      .required()
      .at_least(1);
  d.param<&BatchItems::within>(
       "within", "Gives out what is there when the first item has waited for so long.")
      .greater_than(std::chrono::nanoseconds(0));
  d.output("Lists: numbers, bools and records as they are, everything else as text.");
}

void BatchItems::operator()(Item item, Out<Record>& out) {
  items_.push_back(to_record(item));
  if (items_.size() >= static_cast<std::size_t>(size)) return give(out);
  if (within && items_.size() == 1) {
    // Later than a year is never, and would leave the range of the clock.
    const std::chrono::nanoseconds wait =
        std::min<std::chrono::nanoseconds>(*within, std::chrono::hours(24 * 365));
    due_ = std::chrono::steady_clock::now() + wait;
  }
}

void BatchItems::give(Out<Record>& out) {
  due_.reset();
  if (!items_.empty()) out(std::exchange(items_, Record::array()));
}

std::optional<Record> BatchItems::next() {
  due_.reset();
  if (items_.empty()) return std::nullopt;
  return std::exchange(items_, Record::array());
}

WEIR_NODES(stream_nodes, "stream", Take, Skip, Sample, Dedupe, BatchItems)

}  // namespace weir::nodes
