#include "spec/node_reader.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include <weir/units.hpp>

#include "spec/from.hpp"
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

constexpr std::array<std::string_view, 3> unsupported_keys{"retry", "timeout", "on_failure"};

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
      node_.parameters.push_back(
          {std::string(kind.parameter), field.key_place, context_.resolver.resolve(field.value)});
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
    } else if (field.key == "limit") {
      take_limit(field);
    } else if (field.key == "ordered") {
      take_ordered(field);
    } else if (field.key == "capacity" && is_kind(Kind::queue)) {
      take_capacity(field);
    } else if (field.key == "max_in_flight" && is_kind(Kind::source)) {
      take_max_in_flight(field);
    } else if (std::find(unsupported_keys.begin(), unsupported_keys.end(), field.key) !=
               unsupported_keys.end()) {
      error(field.key_place,
            fmt::format("'{}' is not yet supported in this version of weir; leave it out",
                        field.key));
    } else if (kind_ != nullptr && !kind_->parameter.empty() && field.key == kind_->parameter) {
      error(field.key_place,
            fmt::format("'{}' is short for '{}', so both is one too many; keep one", kind_->key,
                        field.key));
    } else {
      node_.parameters.push_back(
          {field.key, field.key_place, context_.resolver.resolve(field.value)});
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

  void take_limit(const TreeField& field) {
    if (is_kind(Kind::queue)) {
      error(field.key_place,
            "'limit' belongs to functions, not to a queue; put it on the function "
            "that reads the queue");
    } else if (is_kind(Kind::source) || is_kind(Kind::sink)) {
      error(field.key_place, fmt::format("'limit' belongs to functions, not to a {}; leave it out",
                                         to_string(node_.kind)));
    } else {
      const Value value = context_.resolver.resolve(field.value);
      if (!value.faulty && !context_.refuse_holes(value, "limit")) read_limit(value);
    }
  }

  void read_limit(const Value& value) {
    if (value.kind == Value::Kind::integer && value.integer > 0) {
      node_.limit = Limit{value.integer, value.place};
    } else if (value.kind == Value::Kind::text && value.text == "unlimited") {
      node_.limit = Limit{std::nullopt, value.place};
    } else if (value.kind == Value::Kind::text && is_name(value.text)) {
      const std::string suggestion = did_you_mean(value.text, {"unlimited"});
      error(value.place,
            fmt::format("'limit: {}' would be a named limit, which is not yet supported in this "
                        "version of weir{}",
                        value.text,
                        suggestion.empty() ? "; give a number, or 'unlimited'" : suggestion));
    } else {
      error(
          value.place,
          fmt::format(
              "'limit' must be a whole number of at least 1, or 'unlimited', not {}{}",
              described(value),
              is_quoted_scalar(value)
                  ? "; its quotes make it a text: write it without, if need be on a line of its own"
                  : ""));
    }
  }

  /// The value of a key that holds for the whole run; nullopt if there has been an error about it.
  std::optional<Value> fixed_value(const TreeField& field) {
    Value value = context_.resolver.resolve(field.value);
    if (value.faulty || context_.refuse_holes(value, field.key)) return std::nullopt;
    return value;
  }

  void take_ordered(const TreeField& field) {
    if (kind_ != nullptr && is_kind_clear_ && node_.kind != Kind::function) {
      error(field.key_place, fmt::format("'ordered' belongs to functions, not to a {}, which keeps "
                                         "the order anyway; leave it out",
                                         to_string(node_.kind)));
      return;
    }
    const std::optional<Value> value = fixed_value(field);
    if (!value) return;
    if (value->kind != Value::Kind::boolean) {
      error(value->place,
            fmt::format("'ordered' must be true or false, not {}", described(*value)));
      return;
    }
    node_.ordered = value->boolean;
  }

  void take_capacity(const TreeField& field) {
    const std::optional<Value> value = fixed_value(field);
    if (!value) return;
    node_.capacity = count_of(*value,
                              "'capacity' must be a whole number of at least 1: how many "
                              "items the queue holds");
    node_.capacity_place = value->place;
  }

  void take_max_in_flight(const TreeField& field) {
    const std::optional<Value> value = fixed_value(field);
    if (!value) return;
    constexpr std::string_view expectation =
        "'max_in_flight' must be a number of items (1000), a size (16MiB), or both "
        "({items: 1000, bytes: 16MiB})";
    if (value->kind == Value::Kind::integer) {
      node_.max_in_flight.items = count_of(*value, expectation);
    } else if (value->kind == Value::Kind::text) {
      node_.max_in_flight.bytes = bytes_of(*value, expectation);
    } else if (value->kind == Value::Kind::map) {
      for (const Value::Field& part : value->fields) {
        if (part.key == "items") {
          node_.max_in_flight.items = count_of(part.value, expectation);
        } else if (part.key == "bytes") {
          node_.max_in_flight.bytes = bytes_of(part.value, expectation);
        } else {
          error(part.key_place,
                fmt::format("'max_in_flight' has 'items' and 'bytes', not {}{}", quote(part.key),
                            did_you_mean(part.key, {"items", "bytes"})));
        }
      }
    } else {
      error(value->place, fmt::format("{}, not {}", expectation, described(*value)));
    }
  }

  std::optional<std::int64_t> count_of(const Value& value, std::string_view expectation) {
    if (value.kind == Value::Kind::integer && value.integer > 0) return value.integer;
    error(value.place, fmt::format("{}, not {}", expectation, described(value)));
    return std::nullopt;
  }

  std::optional<std::uint64_t> bytes_of(const Value& value, std::string_view expectation) {
    const std::optional<Size> size = parse_size(value.text);
    if (value.is_scalar() && size && size->bytes > 0) return size->bytes;
    error(value.place, fmt::format("{}, not {}", expectation, described(value)));
    return std::nullopt;
  }

  static std::string described(const Value& value) {
    switch (value.kind) {
      case Value::Kind::integer:
      case Value::Kind::number:
        return value.text;
      case Value::Kind::text:
        return fmt::format("the text {}", quote(value.text));
      default:
        return std::string(kind_name(value.kind));
    }
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
