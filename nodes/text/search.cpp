#include "nodes/text/search.hpp"

#include <stdexcept>
#include <utility>

#include <weir/record.hpp>

#include "nodes/text/scratch.hpp"

namespace weir::nodes {
namespace {

/// RE2 fills in as many groups as it is given room for; the first is the whole match.
constexpr int kMostGroups = 1000;

}  // namespace

void Contains::describe(Describe<Contains>& d) {
  d.node("contains", "Keeps the texts that contain a text.");
  d.param<&Contains::text>("text", "What to look for.").required().not_empty();
  d.param<&Contains::inverted>("not", "Keeps those that don't contain it.");
  d.param<&Contains::ignore_case>("ignore_case", "Takes A to Z and a to z for the same.");
  d.output("What came in.");
}

void Match::describe(Describe<Match>& d) {
  d.node("match", "Keeps the texts that a regular expression matches, or takes parts out of them.");
  d.param<&Match::regex>("regex",
                         "In RE2's syntax. It matches anywhere in the text, unless it says '^' and "
                         "'$'.")
      .required();
  d.param<&Match::inverted>("not", "Keeps those that it doesn't match.");
  d.param<&Match::emit>("emit",
                        "What is given out: the item as it came; what the first match covers; or a "
                        "record of its groups, by their names, or '0' (all of it), '1', … if none "
                        "has a name.")
      .one_of({"item", "match", "record"});
  d.output("What `emit` says: a record, or else a text.");
}

void Match::validate() const {
  if (inverted && emit != "item") {
    throw std::invalid_argument("with 'not' there is no match: 'emit' must be item");
  }
  if (regex->NumberOfCapturingGroups() >= kMostGroups) {
    throw std::invalid_argument("'regex' has more than 999 groups");
  }
}

void Match::start() {
  if (emit == "item") return;
  names_.clear();
  groups_.clear();
  if (emit == "match") {
    groups_ = {0};
    return;
  }
  for (const auto& [number, name] : regex->CapturingGroupNames()) {
    names_.push_back(name);
    groups_.push_back(number);
  }
  if (!groups_.empty()) return;
  for (int group = 0; group <= regex->NumberOfCapturingGroups(); ++group) {
    names_.push_back(std::to_string(group));
    groups_.push_back(group);
  }
}

void Match::operator()(std::string_view item, Out<Item>& out) const {
  if (groups_.empty()) {
    if (RE2::PartialMatch(piece(item), *regex) != inverted) out(item);
  } else if (names_.empty()) {
    re2::StringPiece found;
    if (regex->Match(piece(item), 0, item.size(), RE2::UNANCHORED, &found, 1)) out(view(found));
  } else {
    give_record(item, out);
  }
}

void Match::give_record(std::string_view item, Out<Item>& out) const {
  const int room = groups_.back() + 1;  // groups are in the order of their numbers
  re2::StringPiece few[16];
  std::vector<re2::StringPiece> many;
  re2::StringPiece* found = few;
  if (room > 16) {
    many.resize(static_cast<std::size_t>(room));
    found = many.data();
  }
  if (!regex->Match(piece(item), 0, item.size(), RE2::UNANCHORED, found, room)) return;
  Record record = Record::object();
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const re2::StringPiece& group = found[groups_[i]];
    if (group.data() == nullptr) {
      record[names_[i]] = nullptr;  // it took no part in the match
    } else {
      record[names_[i]] = view(group);
    }
  }
  out(std::move(record));
}

void Replace::describe(Describe<Replace>& d) {
  d.node("replace", "Replaces a text, or what a regular expression matches, in each text.");
  d.param<&Replace::regex>("regex", "What to replace, in RE2's syntax; this or `text`.");
  d.param<&Replace::text>("text", "What to replace, as it stands; this or `regex`.").not_empty();
  d.param<&Replace::with>("with",
                          "What to put in its place. With `regex`, '\\1' is its first group, '\\0' "
                          "all of the match, and '\\\\' a backslash.")
      .required();
  d.param<&Replace::all>("all", "Replaces every occurrence, not only the first.");
}

void Replace::validate() const {
  if (regex.has_value() == text.has_value()) {
    throw std::invalid_argument("'replace' needs 'text' or 'regex', and not both");
  }
  std::string error;
  if (regex && !(*regex)->CheckRewriteString(piece(with.text), &error)) {
    throw BadValue(with.place, "'with': " + error);
  }
}

std::string_view Replace::operator()(std::string_view item) const {
  std::string& to = scratch();
  return text ? replace_text(item, to) : replace_matches(item, to);
}

std::string_view Replace::replace_text(std::string_view item, std::string& to) const {
  std::size_t found = finder_.find(item);
  if (found == Finder::npos) return item;
  std::size_t done = 0;
  do {
    to.append(item, done, found - done).append(with.text);
    done = found + finder_.size();
    found = all ? finder_.find(item, done) : Finder::npos;
  } while (found != Finder::npos);
  return to.append(item, done);
}

std::string_view Replace::replace_matches(std::string_view item, std::string& to) const {
  // Looks first: to copy what nothing is replaced in costs more than to match twice.
  if (!RE2::PartialMatch(piece(item), **regex)) return item;
  to = item;
  if (all) {
    RE2::GlobalReplace(&to, **regex, piece(with.text));
  } else {
    RE2::Replace(&to, **regex, piece(with.text));
  }
  return to;
}

}  // namespace weir::nodes
