#include "journal/secrets.hpp"

#include <algorithm>
#include <deque>

namespace weir::journal {
namespace {

constexpr std::string_view kMask = "***";

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

}  // namespace

/// The automaton of Aho and Corasick ("Efficient string matching", 1975): a step for each byte,
/// whatever the number of values.
Secrets::Secrets(const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (value.size() < kShortest) continue;
    values_.push_back(value);
    for (const char c : value) {
      std::uint16_t& its = class_of_[static_cast<unsigned char>(c)];
      if (its == 0) its = static_cast<std::uint16_t>(classes_++);
    }
  }
  if (classes_ == 1) return;
  constexpr std::uint32_t kNone = 0;  // no node leads back to the first one while it is a tree
  const auto add_node = [&] {
    nodes_.emplace_back();
    next_.resize(next_.size() + classes_, kNone);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  };
  add_node();
  for (const std::string& value : values_) {
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) nodes_[node].open = static_cast<std::uint32_t>(i);
      const std::size_t edge = node * classes_ + class_of_[byte_at(value, i)];
      if (next_[edge] == kNone) {
        const std::uint32_t made = add_node();
        next_[edge] = made;
      }
      node = next_[edge];
    }
    nodes_[node].longest_match = static_cast<std::uint32_t>(value.size());
  }
  // From short to long: a node's fallback, the longest shorter suffix, is complete before the node.
  std::vector<std::uint32_t> fallback(nodes_.size(), 0);
  std::deque<std::uint32_t> waiting = {0};
  while (!waiting.empty()) {
    const std::uint32_t node = waiting.front();
    waiting.pop_front();
    if (node != 0) {
      const Node& shorter = nodes_[fallback[node]];
      Node& own = nodes_[node];
      own.longest_match = std::max(own.longest_match, shorter.longest_match);
      own.open = std::max(own.open, shorter.open);
    }
    for (std::uint32_t c = 1; c < classes_; ++c) {
      std::uint32_t& to = next_[node * classes_ + c];
      const std::uint32_t of_fallback = node == 0 ? 0 : next_[fallback[node] * classes_ + c];
      if (to == kNone) {
        to = of_fallback;
      } else {
        fallback[to] = of_fallback;
        waiting.push_back(to);
      }
    }
  }
}

std::size_t Secrets::rest_at_begin(std::string_view text) const {
  std::size_t longest = 0;
  for (const std::string_view value : values_) {
    for (std::size_t at = 1; at + kShortest <= value.size(); ++at) {
      const std::string_view rest = value.substr(at);
      const std::size_t size = std::min(rest.size(), text.size());
      if (size <= longest) break;
      if (rest.substr(0, size) == text.substr(0, size)) longest = size;
    }
  }
  return longest < kShortest ? 0 : longest;
}

std::string Masker::feed(std::string_view bytes) {
  if (secrets_->empty()) return std::string(bytes);
  std::uint64_t at = pending_at_ + pending_.size();
  pending_ += bytes;
  for (const char c : bytes) {
    ++at;
    node_ = secrets_->next(node_, static_cast<unsigned char>(c));
    const std::uint32_t length = secrets_->nodes_[node_].longest_match;
    if (length != 0) cover({at - length, at});
  }
  std::string shown;
  release(at - secrets_->nodes_[node_].open, shown);
  return shown;
}

std::string Masker::finish() {
  std::string shown;
  release(pending_at_ + pending_.size(), shown);
  node_ = 0;
  in_covered_ = false;
  return shown;
}

std::string Masker::finish_cut() {
  if (!secrets_->empty()) {
    const std::uint64_t end = pending_at_ + pending_.size();
    const std::uint32_t open = secrets_->nodes_[node_].open;
    if (open >= Secrets::kShortest) cover({end - open, end});
  }
  return finish();
}

void Masker::cover(Range range) {
  // What was given out cannot be covered any more, and never is: it was not open.
  while (!covered_.empty() && covered_.back().end >= range.begin) {
    range.begin = std::min(range.begin, covered_.back().begin);
    range.end = std::max(range.end, covered_.back().end);
    covered_.pop_back();
  }
  covered_.push_back(range);
}

void Masker::release(std::uint64_t until, std::string& to) {
  const auto piece = [&](std::uint64_t begin, std::uint64_t end) {
    return std::string_view(pending_).substr(begin - pending_at_, end - begin);
  };
  std::uint64_t at = pending_at_;
  std::size_t passed = 0;
  while (at < until) {
    const bool any = passed < covered_.size() && covered_[passed].begin < until;
    const std::uint64_t plain_end = any ? std::max(at, covered_[passed].begin) : until;
    if (plain_end > at) {
      to += piece(at, plain_end);
      in_covered_ = false;
    }
    at = plain_end;
    if (!any) break;
    if (!in_covered_) to += kMask;
    in_covered_ = true;
    at = std::min(until, covered_[passed].end);
    if (covered_[passed].end > until) {
      covered_[passed].begin = until;
      break;
    }
    ++passed;
  }
  covered_.erase(covered_.begin(), covered_.begin() + static_cast<std::ptrdiff_t>(passed));
  pending_.erase(0, until - pending_at_);
  pending_at_ = until;
}

std::string mask(std::string_view text, const Secrets& secrets) {
  Masker masker(secrets);
  std::string shown = masker.feed(text);
  return shown += masker.finish();
}

std::string mask_piece(std::string_view text, const Secrets& secrets, Cut cut) {
  Masker masker(secrets);
  const std::size_t rest = cut.at_begin ? secrets.rest_at_begin(text) : 0;
  if (rest != 0) masker.cover({0, rest});
  std::string shown = masker.feed(text);
  return shown += cut.at_end ? masker.finish_cut() : masker.finish();
}

std::string mask_shortened(std::string_view text, const Secrets& secrets) {
  constexpr std::string_view kLeftOut = "…";
  const std::string whole = mask(text, secrets);
  std::string shown;
  std::string_view left = whole;
  Cut cut{false, true};
  while (true) {
    const std::size_t end = left.find(kLeftOut);
    if (end == left.npos) break;
    // A line is shortened as "its beginning …".
    const std::string_view before = left.substr(0, end);
    const bool has_space = before.ends_with(' ');
    shown += mask_piece(before.substr(0, end - (has_space ? 1 : 0)), secrets, cut);
    if (has_space) shown += ' ';
    shown += kLeftOut;
    left.remove_prefix(end + kLeftOut.size());
    cut.at_begin = true;
  }
  cut.at_end = false;
  return shown += mask_piece(left, secrets, cut);
}

}  // namespace weir::journal
