#include "spec/failures.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <string_view>

#include "spec/described.hpp"
#include "spec/fixed.hpp"
#include "spec/names.hpp"

namespace weir::spec {

namespace {

/// A regular expression is a text, but one like `429` needs no quotes.
bool take_pattern(const Value& value, const FixedValues& values, Pattern& pattern) {
  constexpr std::string_view expectation =
      "'match' must be a regular expression, such as 'busy|429'";
  if (!value.is_scalar() || value.kind == Value::Kind::null) {
    return values.reject(value, expectation);
  }
  if (value.text.empty()) {
    return values.error(value.place, "'match' is empty, and would be found in every text");
  }
  pattern = {value.text, value.place};
  return true;
}

class RetryReader {
 public:
  RetryReader(const ReadContext& context, Place place) : context_(context), values_(context) {
    retry_.place = place;
  }

  Retry read(const Value& value) {
    constexpr std::string_view expectation =
        "'retry' must be how often an item is tried in all, a whole number of at least 1, or a map "
        "of 'attempts', 'backoff' and 'when'";
    if (value.kind == Value::Kind::map) {
      read_map(value);
    } else if (const auto attempts = values_.count(value, expectation)) {
      retry_.attempts = *attempts;
    }
    return std::move(retry_);
  }

 private:
  void read_map(const Value& map) {
    const auto take_attempts = [&](const Value& value) {
      const std::optional<std::int64_t> attempts = values_.count(
          value,
          "'attempts' must be a whole number of at least 1: how often an item is tried in all");
      retry_.attempts = attempts.value_or(1);
      return attempts.has_value();
    };
    const bool good =
        values_.parts(map, "'retry'",
                      {{"attempts", take_attempts},
                       {"backoff", [&](const Value& value) { return take_backoff(value); }},
                       {"when", [&](const Value& value) { return take_when(value); }}});
    if (good && map.find("attempts") == nullptr) {
      values_.error(retry_.place,
                    "'retry' needs 'attempts': how often an item is tried in all, such as 3");
    }
  }

  bool take_backoff(const Value& value) {
    const std::string_view text = value.is_scalar() ? std::string_view(value.text) : "";
    const std::size_t dots = text.find("..");
    const auto first = parse_duration(text.substr(0, dots));
    const auto longest =
        dots == std::string_view::npos ? first : parse_duration(text.substr(dots + 2));
    if (!first || !longest) {
      return values_.reject(value,
                            "'backoff' must be how long to wait before the next attempt, such as "
                            "5s, or the first and the longest wait, such as 1s..2m");
    }
    if (*first > *longest) {
      return values_.error(value.place,
                           fmt::format("'backoff: {}' begins with a longer wait than it ends with; "
                                       "write '{}..{}'",
                                       text, text.substr(dots + 2), text.substr(0, dots)));
    }
    if (first->count() == 0 && longest->count() > 0) {
      return values_.error(value.place,
                           fmt::format("'backoff: {}' never grows, as twice nothing is nothing; "
                                       "begin with more",
                                       text));
    }
    retry_.first = *first;
    retry_.longest = *longest;
    return true;
  }

  bool take_when(const Value& value) {
    constexpr std::string_view expectation =
        "'when' must be a map of 'status' and 'match', such as {status: 75} or {match: busy}";
    if (value.kind != Value::Kind::map) return values_.reject(value, expectation);
    if (value.fields.empty() && !value.faulty) {
      return values_.error(value.place, fmt::format("{}, and it is empty", expectation));
    }
    return values_.parts(value, "'when'",
                         {{"status", [&](const Value& status) { return take_statuses(status); }},
                          {"match", [&](const Value& match) {
                             return take_pattern(match, values_, retry_.match);
                           }}});
  }

  bool take_statuses(const Value& value) {
    if (value.kind != Value::Kind::list) return take_status(value);
    if (value.items.empty() && !value.faulty) {
      return values_.error(value.place, "'status' is empty; name at least one exit status");
    }
    bool good = !value.faulty;
    for (const Value& item : value.items) {
      if (is_settled(item) || context_.refuse_holes(item, "status")) {
        good = false;
      } else {
        good = take_status(item) && good;
      }
    }
    return good;
  }

  bool take_status(const Value& value) {
    const bool fits =
        value.kind == Value::Kind::integer && value.integer >= 0 && value.integer <= 255;
    if (!fits) {
      return values_.error(value.place,
                           fmt::format("'status' must be an exit status from 0 to 255, or a list "
                                       "of them, not {}{}",
                                       described(value), advice_on_quotes(value)));
    }
    auto& statuses = retry_.statuses;  // 256 at most
    if (std::find(statuses.begin(), statuses.end(), value.integer) != statuses.end()) {
      return values_.error(value.place, fmt::format("{} is already in this list", value.integer));
    }
    statuses.push_back(value.integer);
    return true;
  }

  const ReadContext& context_;
  FixedValues values_;
  Retry retry_;
};

/// What stands behind `stop after `: `3` or `5%`. Nothing set if it can't be that.
OnFailure stop_after(std::string_view text) {
  OnFailure to;
  const char* last = text.data() + text.size();
  if (text.ends_with('%')) {
    double percent = 0;
    const auto [end, error] = std::from_chars(text.data(), last - 1, percent);
    if (error == std::errc() && end == last - 1 && percent > 0 && percent <= 100) {
      to.percent = percent;
    }
    return to;
  }
  std::int64_t items = 0;
  const auto [end, error] = std::from_chars(text.data(), last, items);
  if (error == std::errc() && end == last && items > 0) to.items = items;
  return to;
}

}  // namespace

Timeout read_timeout(const TreeField& field, const ReadContext& context) {
  Timeout timeout;
  timeout.place = field.key_place;
  const FixedValues values(context);
  if (const std::optional<Value> value = values.value_of(field)) {
    timeout.time = values
                       .duration(*value,
                                 "'timeout' must be how long an attempt may take, more than 0, "
                                 "such as 30s or 10m")
                       .value_or(timeout.time);
  }
  return timeout;
}

Retry read_retry(const TreeField& field, const ReadContext& context) {
  RetryReader reader(context, field.key_place);
  const std::optional<Value> value = FixedValues(context).value_of(field);
  return value ? reader.read(*value) : Retry{};
}

Throttle read_throttle(const TreeField& field, const ReadContext& context) {
  Throttle throttle;
  throttle.place = field.key_place;
  const FixedValues values(context);
  const std::optional<Value> value = values.value_of(field);
  if (!value) return throttle;
  if (value->kind != Value::Kind::map) {
    values.reject(*value,
                  "'throttle' must be a map of 'match' and 'pause', such as {match: '429', pause: "
                  "30s}");
    return throttle;
  }
  const auto take_pause = [&](const Value& pause) {
    const auto duration = values.duration(
        pause, "'pause' must be how long nothing is begun, more than 0, such as 30s or 2m");
    throttle.pause = duration.value_or(throttle.pause);
    return duration.has_value();
  };
  const auto take_match = [&](const Value& match) {
    return take_pattern(match, values, throttle.match);
  };
  const bool good =
      values.parts(*value, "'throttle'", {{"match", take_match}, {"pause", take_pause}});
  if (good && throttle.match.text.empty()) {
    values.error(throttle.place,
                 "'throttle' needs 'match': a regular expression for what says that it is too "
                 "much, such as '429'");
  }
  return throttle;
}

OnFailure read_on_failure(const TreeField& field, const ReadContext& context) {
  const FixedValues values(context);
  const std::optional<Value> value = values.value_of(field);
  if (!value) return {};
  constexpr std::string_view after = "stop after ";
  const std::string_view text =
      value->kind == Value::Kind::text ? std::string_view(value->text) : "";
  if (text == "continue") return {};
  if (text == "stop") return {1, std::nullopt};
  const OnFailure to =
      text.starts_with(after) ? stop_after(text.substr(after.size())) : OnFailure{};
  if (to.items || to.percent) return to;
  values.error(value->place,
               fmt::format("'on_failure' must be 'continue', 'stop', 'stop after 3' (items, at "
                           "least 1) or 'stop after 5%' (of the items, more than 0% and at most "
                           "100%), not {}{}",
                           described(*value), did_you_mean(text, {"continue", "stop"})));
  return {};
}

}  // namespace weir::spec
