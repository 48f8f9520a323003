#pragma once

/// Nodes that look for something in texts.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <weir/node.hpp>

#include "nodes/text/finder.hpp"
#include "nodes/text/regex.hpp"

namespace weir::nodes {

struct Contains {
  std::string text;
  bool inverted = false;
  bool ignore_case = false;

  static void describe(Describe<Contains>& d);
  void start() { finder_ = Finder(text, ignore_case); }
  std::optional<std::string_view> operator()(std::string_view item) const {
    return finder_.is_in(item) != inverted ? std::optional(item) : std::nullopt;
  }

 private:
  Finder finder_;
};

struct Match {
  Regex regex;
  bool inverted = false;
  std::string emit = "item";

  static void describe(Describe<Match>& d);
  void validate() const;
  std::string output_type(std::string_view /*input*/) const {
    return emit == "record" ? "record" : "text";
  }
  void start();
  void operator()(std::string_view item, Out<Item>& out) const;

 private:
  void give_record(std::string_view item, Out<Item>& out) const;

  std::vector<std::string> names_;  // of the groups that go into a record
  std::vector<int> groups_;         // and their numbers
};

struct Replace {
  std::optional<Regex> regex;
  std::optional<std::string> text;
  PlacedText with;
  bool all = true;

  static void describe(Describe<Replace>& d);
  void validate() const;
  void start() {
    if (text) finder_ = Finder(*text, false);
  }
  /// The item itself where nothing is replaced, or else what is good until the next call on the
  /// same thread.
  std::string_view operator()(std::string_view item) const;

 private:
  std::string_view replace_text(std::string_view item, std::string& to) const;
  std::string_view replace_matches(std::string_view item, std::string& to) const;

  Finder finder_;
};

}  // namespace weir::nodes
