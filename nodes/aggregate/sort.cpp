#include "nodes/aggregate/sort.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include <weir/record.hpp>

namespace weir::nodes {
namespace {

/// Numbers stand before everything else.
constexpr char kNumber = '\0';
constexpr char kText = '\1';

constexpr std::size_t kSmallestReadBuffer = std::size_t{16} << 10;

template <class T>
void append_bytes(T value, std::string& to) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
T value_in(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

/// Bytes that are in the order of the numbers: the nearest double's, then how far it is from it.
void append_ordered(const Number& number, std::string& to) {
  const double nearest = number.as_float();
  if (std::isnan(nearest)) throw std::invalid_argument("nan has no place in an order");
  const auto bits = std::bit_cast<std::uint64_t>(nearest);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const std::uint64_t ordered = (bits & kSign) != 0 ? ~bits : bits | kSign;
  __extension__ using Wide = __int128;
  const Wide beside = number.is_int ? number.whole - static_cast<Wide>(nearest) : Wide{0};
  const auto ordered_beside = static_cast<std::uint16_t>(static_cast<int>(beside) + 0x8000);
  for (int shift = 56; shift >= 0; shift -= 8) to += static_cast<char>(ordered >> shift & 0xFF);
  to += static_cast<char>(ordered_beside >> 8);
  to += static_cast<char>(ordered_beside & 0xFF);
}

}  // namespace

void Sort::describe(Describe<Sort>& d) {
  d.node("sort", "Gives its items out in order when its input has ended.");
  d.needs_text();
  d.param<&Sort::by>("by",
                     "What they are put in order by: byte by byte, but ints and floats by their "
                     "values, before all else.");
  d.param<&Sort::numeric>("numeric", "Texts are numbers, in digits; others fail.");
  d.param<&Sort::descending>("descending", "The largest comes first.");
  d.param<&Sort::unique>("unique", "Of items that are equal in `by`, gives out the first alone.");
  d.param<&Sort::memory>("memory",
                         "How much it may use. What is beyond goes to a temporary file without a "
                         "name in TMPDIR, or else /tmp.")
      .between(Size{std::uint64_t{64} << 10}, Size{std::uint64_t{1} << 40});
  d.output("What came in. Items that are equal in `by` stay in their order.");
}

std::string Sort::output_type(std::string_view input) const {
  for (const std::string_view known : {"", "bool", "int", "float", "text", "record"}) {
    if (input == known) return {};  // the type that came in
  }
  throw std::invalid_argument("items of type '" + std::string(input) +
                              "' can't be written to a file and read again; it takes bool, int, "
                              "float, text and record");
}

void Sort::operator()(Item item, Host& host) {
  if (!broken_.empty()) return;
  const SortItem read_item = read(item);  // throws where it is the item's own fault
  try {
    keep(read_item);
  } catch (const std::exception& error) {
    // Items that it had taken before are lost as well: that fails the run, by `finish`.
    broken_ = error.what();
    host.enough();
  }
}

std::string_view Sort::key_of(const Item& item) {
  key_.clear();
  if (by.is_whole()) {
    const auto* whole = item.as<std::int64_t>();
    const auto* fraction = item.as<double>();
    if (!numeric) key_ += whole != nullptr || fraction != nullptr ? kNumber : kText;
    if (whole != nullptr || fraction != nullptr) {
      append_ordered(whole != nullptr ? Number::of(*whole) : Number::of(*fraction), key_);
      return key_;
    }
  }
  const std::string_view text = by.of(item, scratch_);
  if (numeric) {
    append_ordered(Number::parse(text), key_);
  } else {
    key_ += text;
  }
  return key_;
}

SortItem Sort::read(const Item& item) {
  SortItem read_item;
  read_item.key = key_of(item);
  value_.clear();
  if (const auto* text = item.as<std::string_view>()) {
    if (by.is_whole() && !numeric) {
      read_item.holds = Holds::key;
    } else {
      read_item.holds = Holds::text;
      read_item.value = *text;
    }
  } else {
    if (const auto* whole = item.as<std::int64_t>()) {
      read_item.holds = Holds::integer;
      append_bytes(*whole, value_);
    } else if (const auto* number = item.as<double>()) {
      read_item.holds = Holds::number;
      append_bytes(*number, value_);
    } else if (const auto* boolean = item.as<bool>()) {
      read_item.holds = Holds::boolean;
      append_bytes(*boolean, value_);
    } else if (const auto* record = item.as<Record>()) {
      read_item.holds = Holds::record;
      Record::to_cbor(*record, value_);  // unlike JSON, it has all numbers and all bytes
    } else {
      output_type(item.type());  // throws
    }
    read_item.value = value_;
  }
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (read_item.key.size() > kMost || read_item.value.size() > kMost) {
    throw std::length_error("an item of more than 4 GiB can't be sorted");
  }
  return read_item;
}

void Sort::keep(const SortItem& item) {
  if (buffer_.add(item)) return;
  spill();
  if (buffer_.add(item)) return;
  // Larger than all of the memory: a run of its own.
  file_.begin_run();
  file_.write(item);
  runs_.push_back(file_.end_run());
}

/// Writes what is in memory as a run.
void Sort::spill() {
  if (runs_.empty()) file_ = RunFile::open();
  if (buffer_.size() == 0) return;
  buffer_.sort(descending);
  file_.begin_run();
  for (std::size_t i = 0; i < buffer_.size(); ++i) {
    const SortItem item = buffer_[i];
    if (is_new(item)) file_.write(item);
  }
  last_key_.reset();
  runs_.push_back(file_.end_run());
  buffer_.clear();
}

std::size_t Sort::most_at_once() const {
  return std::max<std::size_t>(2, memory.bytes / kSmallestReadBuffer);
}

/// Merges the first runs that have not been merged in this pass.
void Sort::merge_some(Host& host) {
  if (merged_runs_.empty()) merged_file_ = RunFile::open();
  const auto end =
      runs_.begin() + static_cast<std::ptrdiff_t>(std::min(most_at_once(), runs_.size()));
  Merger merger(file_, {runs_.begin(), end}, descending, memory.bytes);
  merged_file_.begin_run();
  while (const SortItem* item = merger.next()) {
    if (host.stopping()) return;
    if (is_new(*item)) merged_file_.write(*item);
  }
  last_key_.reset();
  merged_runs_.push_back(merged_file_.end_run());
  runs_.erase(runs_.begin(), end);
  if (!runs_.empty()) return;
  file_ = std::exchange(merged_file_, RunFile());
  runs_.swap(merged_runs_);
}

/// With `unique`, false for what has the same key as the item before.
bool Sort::is_new(const SortItem& item) {
  if (!unique) return true;
  if (last_key_ == item.key) return false;
  last_key_ = item.key;
  return true;
}

bool Sort::next(Out<Item>& out, Host& host) {
  if (!broken_.empty()) return false;
  switch (phase_) {
    case Phase::takes:
      if (runs_.empty()) {
        buffer_.sort(descending);
        phase_ = Phase::gives_memory;
      } else {
        spill();
        buffer_ = SortBuffer();
        phase_ = Phase::merges_some;
      }
      return true;
    case Phase::merges_some:
      // One step at a time: between them the run may be stopped.
      if (runs_.size() > most_at_once() || !merged_runs_.empty()) {
        merge_some(host);
        return !host.stopping();
      }
      merger_.emplace(file_, runs_, descending, memory.bytes);
      phase_ = Phase::gives_runs;
      return true;
    case Phase::gives_memory:
      if (given_ == buffer_.size()) return false;
      if (const SortItem item = buffer_[given_++]; is_new(item)) give(item, out);
      return true;
    case Phase::gives_runs:
      const SortItem* const item = merger_->next();
      if (item == nullptr) return false;
      if (is_new(*item)) give(*item, out);
      return true;
  }
  return false;
}

void Sort::give(const SortItem& item, Out<Item>& out) const {
  switch (item.holds) {
    case Holds::key:
      return out(item.key.substr(1));
    case Holds::text:
      return out(item.value);
    case Holds::integer:
      return out(value_in<std::int64_t>(item.value));
    case Holds::number:
      return out(value_in<double>(item.value));
    case Holds::boolean:
      return out(value_in<bool>(item.value));
    case Holds::record:
      return out(Record::from_cbor(item.value.begin(), item.value.end()));
  }
}

void Sort::finish(Outcome /*outcome*/) {
  if (!broken_.empty()) throw std::runtime_error(broken_);
}

}  // namespace weir::nodes
