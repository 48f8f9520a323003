#include "spec/setting.hpp"

#include <fmt/format.h>

#include "spec/admit.hpp"
#include "spec/diagnostic.hpp"
#include "spec/lines.hpp"
#include "spec/scalar.hpp"
#include "spec/tree.hpp"
#include "spec/utf8.hpp"
#include "spec/yaml.hpp"

namespace weir::spec {

namespace {

/// A tree's value with nothing resolved. Throws nothing; false if a number is out of range.
bool set_plain(Value& value, const Tree& tree, TreeIndex index) {
  const TreeNode& node = tree[index];
  bool fits = true;
  // In no line of the file, but to be told from its neighbours.
  value.place = {0, node.place.column, node.place.length};
  if (node.kind == TreeNode::Kind::list) {
    value.kind = Value::Kind::list;
    for (const TreeIndex item : node.items) {
      fits &= set_plain(value.items.emplace_back(), tree, item);
    }
  } else if (node.kind == TreeNode::Kind::map) {
    value.kind = Value::Kind::map;
    for (const TreeField& field : node.fields) {
      value.fields.push_back({field.key, {}, {}});
      fits &= set_plain(value.fields.back().value, tree, field.value);
    }
  } else if (node.style == TreeNode::Style::plain) {
    fits = set_scalar(value, node.text);
  } else {
    set_text(value, node.text);
  }
  return fits;
}

std::string expected(std::string_view what) { return fmt::format("expected {}, like its default", what); }

Setting read_collection(const std::string& text, Value::Kind wanted) {
  Setting setting;
  const std::string_view what =
      wanted == Value::Kind::list ? "a list, such as [a, b]" : "a map, such as {a: 1}";
  const Lines lines(text);
  Diagnostics diagnostics;
  if (admit(lines, diagnostics)) {
    const std::optional<Tree> tree = parse_yaml(lines, diagnostics);
    if (tree && !set_plain(setting.value, *tree, tree->root)) {
      setting.error = "a number in it is out of range (64 bits)";
    }
  }
  if (diagnostics.has_errors()) {
    setting.error = fmt::format("{}: {}", expected(what), diagnostics.all().front().message);
  } else if (setting.value.kind != wanted) {
    setting.error = expected(what);
  }
  return setting;
}

Setting read_scalar(const std::string& text, std::optional<Value::Kind> wanted) {
  Setting setting;
  Value& value = setting.value;
  if (!set_scalar(value, text)) {
    setting.error = out_of_range_message(text);
  } else if (wanted == Value::Kind::number && value.kind == Value::Kind::integer) {
    value.kind = Value::Kind::number;
    value.integer = 0;
  } else if (wanted == Value::Kind::boolean && value.kind != Value::Kind::boolean) {
    setting.error = expected("true or false");
  } else if (wanted && value.kind != *wanted) {
    setting.error = expected(kind_name(*wanted));
  }
  return setting;
}

}  // namespace

Setting read_setting(const std::string& text, std::optional<Value::Kind> wanted) {
  if (!is_utf8(text)) return {{}, "not UTF-8"};
  if (wanted == Value::Kind::null) wanted.reset();
  if (wanted == Value::Kind::text) {
    Setting setting;
    set_text(setting.value, text);
    return setting;
  }
  if (wanted == Value::Kind::list || wanted == Value::Kind::map) {
    return read_collection(text, *wanted);
  }
  return read_scalar(text, wanted);
}

}  // namespace weir::spec
