#include "spec/yaml.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <new>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "spec/admit.hpp"
#include "spec/budget.hpp"
#include "spec/names.hpp"
#include "spec/scalar.hpp"
#include "spec/token.hpp"
#include "spec/yaml_error.hpp"

namespace weir::spec {

namespace {

/// Thrown through yaml-cpp to end a parse; the reason has been reported.
struct Stop {};

std::size_t offset_of(const YAML::Mark& mark) {
  return static_cast<std::size_t>(std::max(0, mark.pos));
}

/// Builds the tree from yaml-cpp's events. Events rather than YAML::Node, because a Node cannot be
/// looked at before all of it exists: here a bomb is refused while it is being read.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const Lines& lines, Diagnostics& diagnostics)
      : lines_(lines), diagnostics_(diagnostics) {}

  Tree take() { return std::move(tree_); }

  /// The line of the last bracket that has been opened and not closed, or 0.
  std::uint32_t open_bracket_line() const {
    if (frames_.empty() || !frames_.back().is_flow) return 0;
    return tree_.nodes[frames_.back().node].place.line;
  }

  /// An error that has been reported says why there is nothing in the document.
  void excuse_nothing() {
    TreeNode& root = tree_.nodes[tree_.root];
    if (root.kind == TreeNode::Kind::scalar && root.text.empty()) root.faulty = true;
  }

  /// False if there is something behind the document that is not even a second one.
  bool ended_well() const { return ended_well_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(started_, true)) refuse_what_follows(offset_of(mark));
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::string_view text = lines_.text();
    const std::size_t at = offset_of(mark);
    const std::size_t begin = anchor == 0 ? at : skip_properties(text, at).value;
    std::string_view word = text.substr(std::min(begin, text.size()));
    word = word.substr(0, word_end(word, 0));
    if (!word.empty() && word.back() == ':') word.remove_suffix(1);
    TreeNode node;
    if (!word.empty() && classify(word).kind == Value::Kind::null) {
      node.text = word;
      node.verbatim = true;
      node.place = lines_.place(begin, begin + word.size());
    } else {
      node.place = place_of_nothing(at);
      if (text.substr(std::min(at, text.size()), 1) == "," && is_in_list()) {
        diagnostics_.error(lines_.place(at, at + 1),
                           "not YAML: a value is missing before this ','");
        node.faulty = true;
      }
    }
    add_scalar(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    const Properties properties = skip_properties(lines_.text(), offset_of(mark));
    const Token token = scalar_token(lines_.text(), properties.value, value);
    if (token.is_unclosed) {
      // yaml-cpp takes a line's end at the end of the file for the closing quote.
      diagnostics_.error(lines_.place(token.begin, token.begin + 1),
                         "not YAML: this quote is not closed");
      throw Stop();
    }
    TreeNode node;
    node.style = token.style;
    node.verbatim = token.verbatim;
    node.place = lines_.place(token.begin, token.end);
    node.text = value;
    refuse_tag(properties);
    add_scalar(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::size_t begin = offset_of(mark);
    const Place place = lines_.place(begin, word_end(lines_.text(), begin));
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      diagnostics_.error(place,
                         "this alias stands inside of the value that it names, which would "
                         "never end");
      add_faulty(place);
    } else if (extents_[found->second].height + frames_.size() > Tree::deepest) {
      diagnostics_.error(place, too_deep_message());
      add_faulty(place);
    } else if (!budget_.pay(extents_[found->second])) {
      if (!std::exchange(budget_spent_, true)) {
        diagnostics_.error(place,
                           "the aliases of this file make it grow beyond all measure (100000 "
                           "values or 16 MiB)");
      }
      add_faulty(place);
    } else {
      add(found->second, place);
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(TreeNode::Kind::list, mark, tag, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(TreeNode::Kind::map, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that has begun and not ended.
  struct Frame {
    TreeIndex node;
    YAML::anchor_t anchor;
    bool is_flow = false;  // in brackets or braces
    Extent extent{};
    // Of a map: the key whose value comes next, and the lines of the keys that were there.
    bool has_key = false;
    bool drops_value = false;
    std::string key{};
    Place key_place{};
    std::unordered_map<std::string, std::uint32_t> seen{};
  };

  static std::string too_deep_message() {
    return fmt::format("nested deeper than {} levels", Tree::deepest);
  }

  bool is_in_list() const {
    return !frames_.empty() && tree_[frames_.back().node].kind == TreeNode::Kind::list;
  }

  TreeIndex new_node(TreeNode node) {
    tree_.nodes.push_back(std::move(node));
    extents_.emplace_back();
    return static_cast<TreeIndex>(tree_.nodes.size() - 1);
  }

  void add_scalar(TreeNode node, YAML::anchor_t anchor) {
    const Place place = node.place;
    const TreeIndex index = new_node(std::move(node));
    extents_[index].bytes = tree_.nodes[index].text.size();
    if (anchor != 0) anchors_[anchor] = index;
    add(index, place);
  }

  void add_faulty(Place place) {
    TreeNode node;
    node.place = place;
    node.faulty = true;
    add(new_node(std::move(node)), place);
  }

  void open(TreeNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor, YAML::EmitterStyle::value style) {
    std::size_t begin = offset_of(mark);
    // Without either, what looks like a property belongs to the first key.
    if (anchor != 0 || tag != "?") {
      const Properties properties = skip_properties(lines_.text(), begin);
      refuse_tag(properties);
      begin = properties.value;
    }
    TreeNode node;
    node.kind = kind;
    node.place = lines_.place(begin, begin + 1);
    if (frames_.size() >= Tree::deepest) {
      diagnostics_.error(node.place, too_deep_message());
      throw Stop();
    }
    frames_.push_back({.node = new_node(std::move(node)),
                       .anchor = anchor,
                       .is_flow = style == YAML::EmitterStyle::Flow});
  }

  void close() {
    const Frame frame = std::move(frames_.back());
    frames_.pop_back();
    extents_[frame.node] = frame.extent;
    if (frame.anchor != 0) anchors_[frame.anchor] = frame.node;
    add(frame.node, tree_.nodes[frame.node].place);
  }

  /// Puts a finished value where it belongs. `place` is where it is used, which for an alias is
  /// not where it was written.
  void add(TreeIndex index, Place place) {
    if (frames_.empty()) {
      tree_.root = index;
      return;
    }
    Frame& frame = frames_.back();
    TreeNode& parent = tree_.nodes[frame.node];
    if (parent.kind == TreeNode::Kind::map && !frame.has_key) {
      take_key(frame, index, place);
      parent.is_partial |= frame.drops_value && !frame.seen.contains(frame.key);
      return;
    }
    frame.extent.add(extents_[index]);
    if (parent.kind == TreeNode::Kind::list) {
      parent.items.push_back(index);
      return;
    }
    frame.has_key = false;
    if (frame.drops_value) return;
    frame.extent.bytes += frame.key.size();
    parent.fields.push_back({std::move(frame.key), frame.key_place, index, place});
  }

  void take_key(Frame& frame, TreeIndex index, Place place) {
    const TreeNode& key = tree_.nodes[index];
    frame.has_key = true;
    frame.key = key.text;
    frame.key_place = place;
    frame.drops_value = true;
    if (key.faulty) return;
    const bool is_plain = key.style == TreeNode::Style::plain;
    if (key.kind != TreeNode::Kind::scalar) {
      diagnostics_.error(place, fmt::format("a key must be a text, not {}",
                                            key.kind == TreeNode::Kind::list ? "a list" : "a map"));
    } else if (key.text.empty()) {
      diagnostics_.error(place, "a key is missing here");
    } else if (is_plain && classify(key.text).kind == Value::Kind::null) {
      diagnostics_.error(place, fmt::format("{0} is not a text, so it can't be a key; write '{1}' "
                                            "with quotes if you mean the text",
                                            key.text, key.text));
    } else if (is_plain && key.text == "<<") {
      diagnostics_.error(place,
                         "merge keys ('<<') are not supported; write the keys out, or use "
                         "an alias for each value");
    } else if (key.text.find("${") != std::string::npos) {
      diagnostics_.error(place, "'${…}' is resolved in values only, not in keys");
    } else {
      const auto [first, is_new] = frame.seen.emplace(key.text, place.line);
      if (is_new) {
        frame.drops_value = false;
      } else {
        diagnostics_.error(place, fmt::format("duplicate key {}; it is already there in line {}",
                                              quote(key.text), first->second));
      }
    }
  }

  void refuse_tag(const Properties& properties) {
    if (properties.tag == Properties::none) return;
    const std::string_view tag =
        lines_.text().substr(properties.tag, properties.tag_end - properties.tag);
    diagnostics_.error(lines_.place(properties.tag, properties.tag_end),
                       fmt::format("tags such as {} are not supported; leave it out (quotes make a "
                                   "value a text)",
                                   quote(tag)));
  }

  /// yaml-cpp places a value that isn't there at whatever comes next; it is missed at its key, or
  /// at the punctuation before it.
  Place place_of_nothing(std::size_t at) const {
    if (!frames_.empty() && frames_.back().has_key) return frames_.back().key_place;
    const std::string_view text = lines_.text();
    const std::size_t before =
        at == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", at - 1);
    if (before != std::string_view::npos &&
        std::string_view("-,[").find(text[before]) != std::string_view::npos) {
      return lines_.place(before, before + 1);
    }
    return lines_.place(at, at + 1);
  }

  /// There is more behind the document.
  [[noreturn]] void refuse_what_follows(std::size_t at) {
    const std::string_view text = lines_.text();
    const std::string_view before = text.substr(0, std::min(at, text.size()));
    const std::size_t last = before.find_last_not_of(" \t\r\n");
    const bool is_ended =
        last != std::string_view::npos && last >= 2 && before.substr(last - 2, 3) == "...";
    if (text.substr(std::min(at, text.size()), 3) == "---" || is_ended) {
      diagnostics_.error(lines_.place(at, at + 3),
                         "a second document begins here; a pipeline file has only one");
    } else {
      ended_well_ = false;
      diagnostics_.error(lines_.place(at, word_end(text, at)),
                         "not YAML: this does not belong to what stands before it; is a quote, a "
                         "bracket or a comma out of place?");
    }
    throw Stop();
  }

  const Lines& lines_;
  Diagnostics& diagnostics_;
  Tree tree_;
  std::vector<Extent> extents_;  ///< of each node of the tree, all aliases written out
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, TreeIndex> anchors_;  ///< of finished values
  Budget budget_;
  bool budget_spent_ = false;
  bool started_ = false;
  bool ended_well_ = true;
};

}  // namespace

std::optional<Tree> parse_yaml(const Lines& lines, Diagnostics& diagnostics) {
  std::istringstream stream{std::string(lines.text())};
  Builder builder(lines, diagnostics);
  bool is_read = false;
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error({1, 1}, empty_message());
      return std::nullopt;
    }
    is_read = true;
    // Once is enough to see that there is more, and a loop might never end: HandleNextDocument
    // does not always move on.
    parser.HandleNextDocument(builder);
  } catch (const Stop&) {
    if (!is_read || !builder.ended_well()) return std::nullopt;
    builder.excuse_nothing();
  } catch (const YAML::Exception& e) {
    const std::optional<std::size_t> at =
        e.mark.is_null() ? std::nullopt : std::optional(offset_of(e.mark));
    report({e.msg, at, builder.open_bracket_line()}, lines, diagnostics);
    return std::nullopt;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    diagnostics.error({}, fmt::format("not YAML: {}", e.what()));
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace weir::spec
