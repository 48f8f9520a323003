#pragma once

/// Nodes that let some items of any type pass, or put several into one.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <weir/node.hpp>
#include <weir/record.hpp>

#include "nodes/by.hpp"
#include "nodes/stream/recent_keys.hpp"

namespace weir::nodes {

struct Take {
  std::int64_t count = 0;

  static void describe(Describe<Take>& d);
  void start(Host& host) {
    if (count == 0) host.enough();
  }
  std::optional<Item> operator()(Item item, Host& host) {
    if (given_ == count) return std::nullopt;
    if (++given_ == count) host.enough();
    return item;
  }

 private:
  std::int64_t given_ = 0;
};

struct Skip {
  std::int64_t count = 0;

  static void describe(Describe<Skip>& d);
  std::optional<Item> operator()(Item item) {
    if (skipped_ == count) return item;
    ++skipped_;
    return std::nullopt;
  }

 private:
  std::int64_t skipped_ = 0;
};

struct Sample {
  std::optional<std::int64_t> every;
  std::optional<double> rate;
  std::optional<std::int64_t> seed;

  static void describe(Describe<Sample>& d);
  void validate() const;
  void start();
  std::optional<Item> operator()(Item item) {
    if (every ? at_++ % *every != 0 : next_random() >= least_passed_over_) return std::nullopt;
    return item;
  }

 private:
  /// 63 bits. SplitMix64, by Steele, Lea and Flood: the same on every machine.
  std::uint64_t next_random() {
    std::uint64_t word = state_ += 0x9E3779B97F4A7C15;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return (word ^ (word >> 31)) >> 1;
  }

  std::int64_t at_ = 0;
  std::uint64_t state_ = 0;
  std::uint64_t least_passed_over_ = 0;
};

struct Dedupe {
  By by;
  std::int64_t remember = 1'000'000;

  static void describe(Describe<Dedupe>& d);
  void start();
  std::optional<Item> operator()(Item item) {
    if (!keys_.add(strong_hash(by.of(item, scratch_), hash_key_))) return std::nullopt;
    return item;
  }
  void finish(Outcome outcome, Host& host);

 private:
  RecentKeys keys_;
  HashKey hash_key_{};
  std::string scratch_;
};

struct BatchItems {
  std::int64_t size = 1;
  std::optional<std::chrono::nanoseconds> within;

  static void describe(Describe<BatchItems>& d);
  void operator()(Item item, Out<Record>& out);
  std::optional<Record> next();
  std::optional<std::chrono::steady_clock::time_point> due() const noexcept { return due_; }
  void when_due(Out<Record>& out) { give(out); }
  bool is_empty() const noexcept { return items_.empty(); }

 private:
  void give(Out<Record>& out);

  Record items_ = Record::array();
  std::optional<std::chrono::steady_clock::time_point> due_;
};

}  // namespace weir::nodes
