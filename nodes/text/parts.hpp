#pragma once

/// Nodes that cut texts, or change the letters in them.

#include <optional>
#include <string>
#include <string_view>

#include <weir/node.hpp>

#include "nodes/text/finder.hpp"

namespace weir::nodes {

/// Some bytes.
class ByteSet {
 public:
  ByteSet() = default;
  explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) has_[static_cast<unsigned char>(c)] = true;
  }
  bool has(char c) const { return has_[static_cast<unsigned char>(c)]; }

 private:
  bool has_[256] = {};
};

inline constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

struct Split {
  std::optional<std::string> by;
  bool lines = false;

  static void describe(Describe<Split>& d);
  void validate() const;
  void start() {
    if (by) finder_ = Finder(*by, false);
  }
  void operator()(std::string_view item, Out<std::string_view>& out) const;

 private:
  Finder finder_;
};

struct Upper {
  static void describe(Describe<Upper>& d);
  /// The item itself where nothing changes, or else what is good until the next call on the same
  /// thread.
  std::string_view operator()(std::string_view item) const;
};

struct Lower {
  static void describe(Describe<Lower>& d);
  std::string_view operator()(std::string_view item) const;
};

struct Trim {
  std::optional<std::string> chars;

  static void describe(Describe<Trim>& d);
  void start() { set_ = ByteSet(chars ? *chars : kWhiteSpace); }
  std::string_view operator()(std::string_view item) const {
    while (!item.empty() && set_.has(item.front())) item.remove_prefix(1);
    while (!item.empty() && set_.has(item.back())) item.remove_suffix(1);
    return item;
  }

 private:
  ByteSet set_;
};

}  // namespace weir::nodes
