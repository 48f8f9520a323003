#include "spec/limits.hpp"

#include <fmt/format.h>
#include <set>
#include <utility>

#include "spec/described.hpp"
#include "spec/fixed.hpp"
#include "spec/names.hpp"

namespace weir::spec {

namespace {

constexpr std::string_view unlimited = "unlimited";

class LimitsReader {
 public:
  explicit LimitsReader(const ReadContext& context) : values_(context) {}

  std::vector<LimitDeclaration> read(const TreeField& field) {
    std::vector<LimitDeclaration> limits;
    const std::optional<Value> map = values_.value_of(field);
    if (!map || (map->kind == Value::Kind::null && map->text.empty())) return limits;
    if (map->kind != Value::Kind::map) {
      values_.error(map->place,
                    "'limits' must be a map from names to limits, such as {registry: 3}");
      return limits;
    }
    for (const Value::Field& declared : map->fields) limits.push_back(read(declared));
    return limits;
  }

 private:
  LimitDeclaration read(const Value::Field& declared) {
    LimitDeclaration limit;
    limit.name = declared.key;
    limit.place = declared.key_place;
    bool good = check_name(declared);
    if (is_settled(declared.value)) {
      good = false;
    } else if (declared.value.kind == Value::Kind::map) {
      good = read_parts(declared.value, limit) && good;
    } else {
      limit.slots = values_.count(
          declared.value,
          fmt::format("the limit {} must be a whole number of slots, at least 1, or a map of "
                      "'slots', 'rate', 'memory' and 'per', such as {{slots: 3, rate: 10/s}}",
                      quote(limit.name)));
      good = limit.slots && good;
    }
    limit.faulty = !good;
    return limit;
  }

  bool check_name(const Value::Field& declared) {
    if (declared.key == unlimited) {
      return values_.error(declared.key_place,
                           "'unlimited' can't name a limit: 'limit: unlimited' means none");
    }
    if (is_name(declared.key)) return true;
    return values_.error(declared.key_place,
                         fmt::format("{} can't name a limit; use letters, digits, '_' and '-', and "
                                     "begin with a letter or '_'",
                                     quote(declared.key)));
  }

  bool read_parts(const Value& map, LimitDeclaration& limit) {
    const auto take_slots = [&](const Value& value) {
      limit.slots = values_.count(
          value,
          "'slots' must be a whole number of at least 1: how many items are worked on at a time");
      return limit.slots.has_value();
    };
    const auto take_rate = [&](const Value& value) {
      limit.rate = values_.rate(
          value, "'rate' must be how many items may be begun, more than 0, such as 10/s or 30/m");
      return limit.rate && check_rate(value.place, *limit.rate);
    };
    const auto take_memory = [&](const Value& value) {
      limit.memory =
          values_.bytes(value, "'memory' must be a size of at least 1B, such as 512MiB or 8GiB");
      return limit.memory.has_value();
    };
    const auto take_per = [&](const Value& value) {
      limit.per = value;
      return check_per(value);
    };
    const bool good = values_.parts(map, fmt::format("the limit {}", quote(limit.name)),
                                    {{"slots", take_slots},
                                     {"rate", take_rate},
                                     {"memory", take_memory},
                                     {"per", take_per, true}});
    if (!good || limit.slots || limit.rate || limit.memory) return good;
    return values_.error(limit.place,
                         fmt::format("the limit {} limits nothing; give it 'slots', 'rate' or "
                                     "'memory'",
                                     quote(limit.name)));
  }

  /// Its reciprocal has to be a duration.
  bool check_rate(Place place, Rate rate) {
    constexpr double least = 1e-9;  // one in some 30 years
    if (rate.per_second >= least) return true;
    return values_.error(place, "'rate' must be at least one item in 30 years");
  }

  bool check_per(const Value& value) {
    constexpr std::string_view expectation =
        "'per' must be a text with '${{ item }}' or '${{ item.name }}' in it: there is one limit "
        "for each text that it gives";
    if (!value.is_scalar() || value.kind == Value::Kind::null) {
      return values_.reject(value, expectation);
    }
    if (!value.holes.empty()) return true;
    return values_.error(value.place, fmt::format("{}, and {} gives always the same", expectation,
                                                  quote(value.text)));
  }

  FixedValues values_;
};

class NodeLimitReader {
 public:
  explicit NodeLimitReader(const ReadContext& context) : context_(context), values_(context) {}

  Limit read(const TreeField& field) {
    const std::optional<Value> value = values_.value_of(field);
    if (!value) {
      limit_.faulty = true;
      return std::move(limit_);
    }
    limit_.place = value->place;
    limit_.faulty = !(value->kind == Value::Kind::list ? read_names(*value) : read_one(*value));
    return std::move(limit_);
  }

 private:
  bool read_one(const Value& value) {
    if (value.kind == Value::Kind::integer && value.integer > 0) {
      limit_.count = value.integer;
      return true;
    }
    if (value.kind == Value::Kind::text && value.text == unlimited) return true;
    if (value.kind == Value::Kind::text && is_name(value.text)) {
      limit_.names.push_back({value.text, value.place});
      return true;
    }
    return values_.error(
        value.place,
        fmt::format("'limit' must be a whole number of at least 1, 'unlimited' or the name "
                    "of one of the file's 'limits', not {}{}",
                    described(value), advice_on_quotes(value)));
  }

  bool read_names(const Value& list) {
    bool good = !list.faulty;
    if (list.items.empty()) {
      good = values_.error(list.place,
                           "'limit' is empty; name at least one of the file's 'limits', or leave "
                           "it out");
    }
    for (const Value& item : list.items) {
      if (is_settled(item) || context_.refuse_holes(item, "limit")) {
        good = false;
      } else {
        good = read_name(item) && good;
      }
    }
    return good;
  }

  bool read_name(const Value& item) {
    const bool is_unlimited = item.kind == Value::Kind::text && item.text == unlimited;
    if (item.kind != Value::Kind::text || !is_name(item.text) || is_unlimited) {
      return values_.error(item.place,
                           fmt::format("a list in 'limit' holds the names of limits that are taken "
                                       "together, not {}{}",
                                       is_unlimited ? "'unlimited'" : described(item),
                                       item.kind == Value::Kind::integer
                                           ? "; declare a limit with that many slots under 'limits'"
                                           : ""));
    }
    if (named_.insert(item.text).second) {
      limit_.names.push_back({item.text, item.place});
      return true;
    }
    return values_.error(item.place, fmt::format("{} is already in this 'limit'; an item takes "
                                                 "each limit once",
                                                 quote(item.text)));
  }

  const ReadContext& context_;
  FixedValues values_;
  Limit limit_;
  std::set<std::string> named_;
};

}  // namespace

std::vector<LimitDeclaration> read_limits(const TreeField& field, const ReadContext& context) {
  return LimitsReader(context).read(field);
}

Limit read_limit(const TreeField& field, const ReadContext& context) {
  return NodeLimitReader(context).read(field);
}

}  // namespace weir::spec
