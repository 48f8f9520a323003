#pragma once

#include <string>
#include <string_view>

#include <weir/node.hpp>

namespace weir::nodes {

/// What a node goes by: the item's text, or what a template makes of the item.
class By {
 public:
  By() = default;
  explicit By(Template text) : text_(std::move(text)), whole_(text_.source() == kWhole) {}

  /// Whether it is the item's text.
  bool is_whole() const { return whole_; }
  std::string source() const { return whole_ ? kWhole : text_.source(); }

  /// Good as long as the item and `scratch` are. Throws if the item lacks a part.
  std::string_view of(const Item& item, std::string& scratch) const {
    if (whole_) {
      if (const auto* text = item.as<std::string_view>()) return *text;
    }
    scratch.clear();
    if (whole_) {
      item.append_text(scratch);
    } else {
      text_.append(item, scratch);
    }
    return scratch;
  }

 private:
  static constexpr const char* kWhole = "${{ item }}";

  Template text_;
  bool whole_ = true;
};

}  // namespace weir::nodes

template <>
struct weir::ParamType<weir::nodes::By> {
  static constexpr const char* name = "template";

  static nodes::By parse(const Value& value) {
    Template text = ParamType<Template>::parse(value);
    if (!text.has_holes()) {
      throw BadValue(value.place, "'" + value.text +
                                      "' is the same for every item; write '${{ item }}' or "
                                      "'${{ item.name }}' in it");
    }
    return nodes::By(std::move(text));
  }
  static std::string text(const nodes::By& by) { return '"' + by.source() + '"'; }
};
