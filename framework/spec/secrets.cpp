#include "spec/secrets.hpp"

#include <fmt/format.h>
#include <optional>
#include <set>
#include <utility>

#include "spec/fixed.hpp"
#include "spec/names.hpp"

namespace weir::spec {

namespace {

/// Its messages don't quote what they are about, which may be the secret itself.
class SecretsReader {
 public:
  SecretsReader(const std::map<std::string, std::string>& environment, const ReadContext& context)
      : environment_(environment), context_(context), values_(context) {}

  std::vector<Secret> read(const TreeField& field) {
    if (reject_values(context_.tree[field.value])) return {};
    const std::optional<Value> value = values_.value_of(field);
    if (!value) return {};
    if (value->kind != Value::Kind::list) {
      add(*value);
    } else if (value->items.empty() && !value->faulty) {
      values_.error(value->place,
                    "'secrets' is empty; name at least one variable, or leave it out");
    } else {
      for (const Value& item : value->items) add(item);
    }
    return std::move(secrets_);
  }

 private:
  /// `${env.TOKEN}` is the value: taken for a name, messages would show it.
  bool reject_values(const TreeNode& node) {
    bool any = false;
    for (const TreeIndex item : node.items) any = reject_values(context_.tree[item]) || any;
    if (node.text.find("${env.") == std::string::npos) return any;
    values_.error(node.place,
                  "'secrets' takes the names of environment variables, and not their values; write "
                  "TOKEN for '${env.TOKEN}'");
    return true;
  }

  void add(const Value& value) {
    if (is_settled(value) || context_.refuse_holes(value, "secrets")) return;
    if (value.kind != Value::Kind::text || !is_name(value.text)) {
      values_.error(value.place,
                    "'secrets' takes the name of an environment variable or a list of them, such "
                    "as [TOKEN], and this is none");
      return;
    }
    if (!named_.insert(value.text).second) {
      values_.error(value.place, "this variable is already in 'secrets'");
      return;
    }
    const auto variable = environment_.find(value.text);
    const bool is_set = variable != environment_.end();
    if (!is_set || variable->second.empty()) {
      context_.diagnostics.warning(
          value.place, fmt::format("this environment variable is {}: there is nothing to hide",
                                   is_set ? "empty" : "not set"));
    }
    if (is_set) context_.diagnostics.hide(variable->second);
    secrets_.push_back({value.text, is_set ? variable->second : ""});
  }

  const std::map<std::string, std::string>& environment_;
  const ReadContext& context_;
  FixedValues values_;
  std::vector<Secret> secrets_;
  std::set<std::string> named_;
};

}  // namespace

std::vector<Secret> read_secrets(const TreeField& field,
                                 const std::map<std::string, std::string>& environment,
                                 const ReadContext& context) {
  return SecretsReader(environment, context).read(field);
}

}  // namespace weir::spec
