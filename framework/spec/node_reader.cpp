#include "spec/node_reader.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "spec/described.hpp"
#include "spec/failures.hpp"
#include "spec/fixed.hpp"
#include "spec/from.hpp"
#include "spec/in_flight.hpp"
#include "spec/limits.hpp"
#include "spec/locate.hpp"
#include "spec/names.hpp"

namespace weir::spec {

namespace {

/// A key that says what a node is: with a type as its value, or with the value of one parameter of
/// the type that it is short for.
struct KindKey {
  std::string_view key;
  Kind kind;
  std::string_view type = "";
  std::string_view parameter = "";
};

constexpr std::array kind_keys{
    KindKey{"source", Kind::source},
    KindKey{"function", Kind::function},
    KindKey{"queue", Kind::queue},
    KindKey{"sink", Kind::sink},
    KindKey{"run", Kind::function, "run", "argv"},
    KindKey{"shell", Kind::function, "shell", "script"},
};

const KindKey* find_kind(std::string_view key) {
  const auto found = std::find_if(kind_keys.begin(), kind_keys.end(),
                                  [key](const KindKey& kind) { return kind.key == key; });
  return found == kind_keys.end() ? nullptr : &*found;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const KindKey& kind : kind_keys) names.emplace_back(kind.key);
  return names;
}

constexpr std::array<std::string_view, 7> function_keys{
    "limit", "ordered", "timeout", "retry", "throttle", "on_failure", "on_cancel"};

bool is_of_functions(std::string_view key) {
  return std::find(function_keys.begin(), function_keys.end(), key) != function_keys.end();
}

/// What a message adds about a function's key at a node of another kind.
std::string_view why_not(std::string_view key, Kind kind) {
  if (key == "ordered") return ", which keeps the order anyway; leave it out";
  if (kind == Kind::queue) return "; put it on the function that reads the queue";
  if (key == "limit") return "; leave it out";
  return ", which stops the run if it can't do its work; leave it out";
}

class NodeReader {
 public:
  explicit NodeReader(const ReadContext& context) : context_(context) {}

  NodeDeclaration read(const TreeField& field) {
    node_.name = field.key;
    node_.place = field.key_place;
    if (!is_name(node_.name)) {
      error(node_.place, fmt::format("{} can't name a node; use letters, digits, '_' and '-', and "
                                     "begin with a letter or '_'",
                                     quote(node_.name)));
    }
    const TreeNode& node = context_.tree[field.value];
    if (node.kind == TreeNode::Kind::map) {
      read_map(node);
    } else if (!node.faulty) {
      error(field.value_place,
            fmt::format("the node {} must be a map that says what it is, such as "
                        "{{source: lines, path: FILE}}",
                        quote(node_.name)));
    }
    return std::move(node_);
  }

 private:
  void read_map(const TreeNode& map) {
    // What it is comes first: that decides which of its other keys are right.
    for (const TreeField& field : map.fields) {
      if (const KindKey* kind = find_kind(field.key)) read_kind(*kind, field);
    }
    for (const TreeField& field : map.fields) {
      if (find_kind(field.key) == nullptr) read_key(field);
    }
    if (kind_ == nullptr) {
      if (!map.is_partial) report_missing_kind();
    } else if (!is_kind_clear_) {
      node_.type.clear();  // else it would lack what the other kind has
    } else if (node_.kind != Kind::source && !has_from_ && !map.is_partial) {
      report_missing_from();
    }
  }

  void read_kind(const KindKey& kind, const TreeField& field) {
    if (kind_ != nullptr) {
      error(field.key_place, fmt::format("{} has two kinds, '{}' and '{}'; keep one of them",
                                         quote(node_.name), kind_->key, kind.key));
      is_kind_clear_ = false;
      return;
    }
    kind_ = &kind;
    node_.kind = kind.kind;
    if (!kind.type.empty()) {
      node_.type = kind.type;
      node_.type_place = field.key_place;
      Value value = context_.resolver.resolve(field.value);
      if (kind.type == "run") refuse_text(value);
      node_.parameters.push_back({std::string(kind.parameter), field.key_place, std::move(value)});
      if (kind.type == "shell") warn_of_dollars(context_.tree[field.value]);
      return;
    }
    const Value value = context_.resolver.resolve(field.value);
    node_.type_place = value.place;
    if (value.faulty || context_.refuse_holes(value, kind.key)) return;
    if (value.kind == Value::Kind::text && !value.text.empty()) {
      node_.type = value.text;
    } else {
      error(value.place,
            fmt::format("'{}' takes the name of a node type, not {}", kind.key,
                        value.kind == Value::Kind::text ? "an empty text" : kind_name(value.kind)));
    }
  }

  /// A line as a shell takes it, where a list is wanted.
  void refuse_text(Value& value) {
    if (value.faulty || value.kind != Value::Kind::text) return;
    error(value.place,
          "'run' takes a list, [program, argument, …], and no shell reads it; for a "
          "line as a shell takes it, write 'shell' in place of 'run'");
    value.faulty = true;
  }

  /// `$$` is the shell's process number to those who write scripts; here it is one dollar.
  void warn_of_dollars(const TreeNode& script) {
    if (script.kind != TreeNode::Kind::scalar) return;
    const std::string_view text = script.text;
    for (std::size_t at = text.find("$$"); at != std::string_view::npos;
         at = text.find("$$", at + 2)) {
      const std::string_view behind = text.substr(at + 2);
      if (behind.starts_with('{')) continue;
      if (behind.starts_with("$$")) {
        at += 2;
        continue;
      }
      context_.diagnostics.warning(
          LocatedScalar(context_.lines, script).place(at, at + 2),
          "'$$' is one dollar in this file; write '$$$$' for the shell's process number");
      return;
    }
  }

  void read_key(const TreeField& field) {
    if (field.key == "from") {
      take_from(field);
    } else if (is_of_functions(field.key)) {
      take_of_functions(field);
    } else if (field.key == "capacity" && is_kind(Kind::queue)) {
      if (const auto value = fixed_value(field)) {
        node_.capacity = read_capacity(*value, context_);
        node_.capacity_place = value->place;
      }
    } else if (field.key == "max_in_flight" && is_kind(Kind::source)) {
      if (const auto value = fixed_value(field)) {
        node_.max_in_flight = read_max_in_flight(*value, context_);
      }
    } else if (kind_ != nullptr && !kind_->parameter.empty() && field.key == kind_->parameter) {
      error(field.key_place,
            fmt::format("'{}' is short for '{}', so both is one too many; keep one", kind_->key,
                        field.key));
    } else {
      Value::Field parameter{field.key, field.key_place, context_.resolver.resolve(field.value)};
      if (field.key == "weight" && is_kind(Kind::function)) {
        node_.weight = std::move(parameter);
      } else if (field.key == "memory" && is_kind(Kind::function)) {
        node_.memory = std::move(parameter);
      } else {
        node_.parameters.push_back(std::move(parameter));
      }
    }
  }

  void take_of_functions(const TreeField& field) {
    if (kind_ != nullptr && is_kind_clear_ && node_.kind != Kind::function) {
      error(field.key_place, fmt::format("'{}' belongs to functions, not to a {}{}", field.key,
                                         to_string(node_.kind), why_not(field.key, node_.kind)));
    } else if (field.key == "limit") {
      node_.limit = read_limit(field, context_);
    } else if (field.key == "ordered") {
      take_ordered(field);
    } else if (field.key == "timeout") {
      node_.timeout = read_timeout(field, context_);
    } else if (field.key == "retry") {
      node_.retry = read_retry(field, context_);
    } else if (field.key == "throttle") {
      node_.throttle = read_throttle(field, context_);
    } else if (field.key == "on_failure") {
      node_.on_failure = read_on_failure(field, context_);
    } else {
      node_.on_cancel = {field.key, field.key_place, context_.resolver.resolve(field.value)};
    }
  }

  void take_from(const TreeField& field) {
    has_from_ = true;
    if (is_kind(Kind::source)) {
      error(field.key_place, "a source reads nothing; leave out its 'from'");
      return;
    }
    node_.from_place = field.key_place;
    node_.from = read_from(field, context_);
  }

  std::optional<Value> fixed_value(const TreeField& field) const {
    return FixedValues(context_).value_of(field);
  }

  void take_ordered(const TreeField& field) {
    const std::optional<Value> value = fixed_value(field);
    if (!value) return;
    if (value->kind != Value::Kind::boolean) {
      error(value->place,
            fmt::format("'ordered' must be true or false, not {}", described(*value)));
      return;
    }
    node_.ordered = value->boolean;
  }

  /// Whether the node is of that kind, without doubt.
  bool is_kind(Kind kind) const { return kind_ != nullptr && is_kind_clear_ && node_.kind == kind; }

  void report_missing_kind() {
    if (const auto wrong = take_misspelling(kind_names()); !wrong.first.empty()) {
      error(wrong.second, fmt::format("unknown kind {}{}", quote(wrong.first),
                                      did_you_mean(wrong.first, kind_names())));
      return;
    }
    error(node_.place, fmt::format("{} has no kind; give it one of 'source', 'function', 'queue', "
                                   "'sink', 'run' and 'shell'",
                                   quote(node_.name)));
  }

  void report_missing_from() {
    if (const auto wrong = take_misspelling({"from"}); !wrong.first.empty()) {
      error(wrong.second, fmt::format("unknown key {}; did you mean 'from'?", quote(wrong.first)));
      return;
    }
    error(node_.place,
          fmt::format("{} has no 'from'; name the node that it reads", quote(node_.name)));
  }

  /// Takes out of the parameters the one whose name is a likely misspelling of one of `keys`.
  std::pair<std::string, Place> take_misspelling(const std::vector<std::string>& keys) {
    auto& parameters = node_.parameters;
    const auto found = std::find_if(
        parameters.begin(), parameters.end(),
        [&keys](const Value::Field& field) { return !nearest(field.key, keys).empty(); });
    if (found == parameters.end()) return {};
    std::pair<std::string, Place> taken{found->key, found->key_place};
    parameters.erase(found);
    return taken;
  }

  void error(Place place, std::string message) {
    context_.diagnostics.error(place, std::move(message));
  }

  const ReadContext& context_;
  NodeDeclaration node_;
  const KindKey* kind_ = nullptr;  ///< the first kind key
  bool is_kind_clear_ = true;      ///< there is no second one
  bool has_from_ = false;
};

}  // namespace

NodeDeclaration read_node(const TreeField& field, const ReadContext& context) {
  return NodeReader(context).read(field);
}

}  // namespace weir::spec
