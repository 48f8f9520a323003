/// read_pipeline: the top level of a pipeline file.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "spec/admit.hpp"
#include "spec/context.hpp"
#include "spec/edges.hpp"
#include "spec/limit_names.hpp"
#include "spec/limits.hpp"
#include "spec/names.hpp"
#include "spec/node_reader.hpp"
#include "spec/params.hpp"
#include "spec/pipeline.hpp"
#include "spec/scalar.hpp"
#include "spec/secrets.hpp"
#include "spec/utf8.hpp"
#include "spec/yaml.hpp"

namespace weir::spec {

namespace {

constexpr std::int64_t format_version = 1;

const std::vector<std::string> top_level_keys{"weir",    "name",    "description", "params",
                                              "plugins", "secrets", "limits",      "nodes"};

/// "-" is standard input.
bool is_file(const std::string& name) { return !name.empty() && name != "-"; }

std::string stem_of(const std::string& file) {
  const std::string stem = is_file(file) ? std::filesystem::path(file).stem().string() : "";
  return stem.empty() ? "pipeline" : stem;
}

std::string directory_of(const std::string& file) {
  const std::string parent =
      is_file(file) ? std::filesystem::path(file).parent_path().string() : "";
  return parent.empty() ? "." : parent;
}

class PipelineReader {
 public:
  PipelineReader(const ReadContext& context, const TreeNode& root, Pipeline& pipeline)
      : context_(context), root_(root), pipeline_(pipeline) {}

  void read(const ReadOptions& options) {
    if (!is_version_known()) return;
    check_keys();
    // Everything else may use the parameters.
    read_parameters(options);
    if (const TreeField* name = find("name")) read_name(*name);
    if (const TreeField* text = find("description")) check_description(*text);
    if (const TreeField* plugins = find("plugins")) read_plugins(*plugins);
    if (const TreeField* secrets = find("secrets")) {
      pipeline_.secrets = read_secrets(*secrets, options.environment, context_);
    }
    if (const TreeField* limits = find("limits")) {
      pipeline_.limits = read_limits(*limits, context_);
    }
    read_nodes();
    note_uses();
  }

 private:
  const TreeField* find(std::string_view key) const {
    const auto found = std::find_if(root_.fields.begin(), root_.fields.end(),
                                    [key](const TreeField& field) { return field.key == key; });
    return found == root_.fields.end() ? nullptr : &*found;
  }

  /// False if there is no point in looking at a file of another version.
  bool is_version_known() {
    const TreeField* field = find("weir");
    if (field == nullptr) {
      if (!is_misspelled("weir")) {
        error(root_.place,
              "'weir: 1' is missing; it says for which version of the format the file "
              "is written");
      }
      return true;
    }
    const TreeNode& node = context_.tree[field->value];
    if (node.faulty) return true;
    const bool is_plain =
        node.kind == TreeNode::Kind::scalar && node.style == TreeNode::Style::plain;
    const Scalar version = is_plain ? classify(node.text) : Scalar{};
    if (version.kind == Value::Kind::integer && version.integer > format_version) {
      error(node.place, fmt::format("the file is written for version {} of the format, and this "
                                    "version of weir knows only version {}; use a newer one",
                                    node.text, format_version));
      return false;
    }
    if (version.kind != Value::Kind::integer || version.integer != format_version) {
      error(node.place,
            fmt::format("'weir' must be {}, the version of the format", format_version));
    }
    return true;
  }

  void check_keys() {
    for (const TreeField& field : root_.fields) {
      const bool is_known = std::find(top_level_keys.begin(), top_level_keys.end(), field.key) !=
                            top_level_keys.end();
      if (is_known) continue;
      error(field.key_place, fmt::format("unknown key {}{}", quote(field.key),
                                         did_you_mean(field.key, top_level_keys)));
    }
  }

  /// Whether there is an unknown key that is near to `key`: one message is enough for both.
  bool is_misspelled(const std::string& key) const {
    return std::any_of(root_.fields.begin(), root_.fields.end(), [&](const TreeField& field) {
      return field.key != key && nearest(field.key, top_level_keys) == key;
    });
  }

  void read_parameters(const ReadOptions& options) {
    const TreeField* field = find("params");
    const TreeNode* node = field == nullptr ? nullptr : &context_.tree[field->value];
    const bool is_nothing = node != nullptr && node->kind == TreeNode::Kind::scalar &&
                            node->text.empty() && !node->faulty;
    if (is_nothing) node = nullptr;
    if (node != nullptr && node->kind != TreeNode::Kind::map) {
      if (!node->faulty) {
        error(node->place, "'params' must be a map from names to defaults, such as {pushes: 3}");
      }
      context_.resolver.excuse_unknown_names();
      return;
    }
    if (node == nullptr && is_misspelled("params")) {
      context_.resolver.excuse_unknown_names();
      return;
    }
    pipeline_.parameters =
        read_params(context_.tree, node, {options.settings, options.kept_settings},
                    context_.resolver, context_.diagnostics);
  }

  void note_uses() {
    if (pipeline_.parameters.empty()) return;
    const std::vector<std::string> names = context_.resolver.references(context_.tree.root);
    const std::set<std::string_view> used(names.begin(), names.end());
    for (Parameter& parameter : pipeline_.parameters) {
      parameter.is_used = used.contains(parameter.name);
    }
  }

  void read_name(const TreeField& field) {
    const Value value = context_.resolver.resolve(field.value);
    if (value.faulty || context_.refuse_holes(value, "name")) return;
    if (!value.is_scalar() || value.kind == Value::Kind::null) {
      error(value.place, fmt::format("'name' must be a text, not {}", kind_name(value.kind)));
    } else if (value.text.empty()) {
      error(value.place, "'name' is empty; leave it out, and the file's name stands for it");
    } else if (const std::string hidden = first_hidden(value.text); !hidden.empty()) {
      error(value.place,
            fmt::format("'name' must be a text of one line that can be seen, without {}", hidden));
    } else {
      pipeline_.name = value.text;
    }
  }

  void check_description(const TreeField& field) {
    const Value value = context_.resolver.resolve(field.value);
    if (value.faulty || context_.refuse_holes(value, "description")) return;
    if (!value.is_scalar()) {
      error(value.place,
            fmt::format("'description' must be a text, not {}", kind_name(value.kind)));
    }
  }

  void read_plugins(const TreeField& field) {
    const Value value = context_.resolver.resolve(field.value);
    if (value.kind != Value::Kind::list) {
      add_plugin(value);
      return;
    }
    for (const Value& item : value.items) add_plugin(item);
  }

  void add_plugin(const Value& value) {
    if (value.faulty || context_.refuse_holes(value, "plugins")) return;
    if (value.kind != Value::Kind::text || value.text.empty()) {
      error(value.place,
            fmt::format("'plugins' takes the path of a plugin or a list of them, not {}",
                        value.kind == Value::Kind::text ? "an empty text" : kind_name(value.kind)));
      return;
    }
    pipeline_.plugins.push_back({value.text, value.place});
  }

  void read_nodes() {
    const TreeField* field = find("nodes");
    if (field == nullptr) {
      if (!is_misspelled("nodes")) {
        error(root_.place, "'nodes' is missing; it is the map of the pipeline's nodes");
      }
      return;
    }
    const TreeNode& node = context_.tree[field->value];
    if (node.faulty) return;
    const bool is_nothing = node.kind == TreeNode::Kind::scalar && node.text.empty();
    const bool is_map = node.kind == TreeNode::Kind::map;
    if (is_nothing || (is_map && node.fields.empty() && !node.is_partial)) {
      error(field->key_place, "'nodes' is empty; a pipeline needs at least a source");
      return;
    }
    if (!is_map) {
      error(node.place,
            "'nodes' must be a map from names to nodes, such as "
            "{words: {source: lines, path: words.txt}}");
      return;
    }
    for (const TreeField& declared : node.fields) {
      pipeline_.nodes.push_back(read_node(declared, context_));
    }
    check_edges(pipeline_.nodes, context_.diagnostics);
    check_limits(node);
  }

  void check_limits(const TreeNode& nodes) {
    LimitNames names(pipeline_.limits, pipeline_.nodes, context_.diagnostics);
    names.drop_undeclared(are_limits_known());
    const auto is_whole = [this](const TreeField& declared) {
      const TreeNode& node = context_.tree[declared.value];
      return node.kind == TreeNode::Kind::map && !node.is_partial;
    };
    const bool are_nodes_whole =
        !nodes.is_partial && std::all_of(nodes.fields.begin(), nodes.fields.end(), is_whole);
    if (are_nodes_whole) names.report_unused();
  }

  /// False if an error has been reported on why there are none.
  bool are_limits_known() const {
    const TreeField* field = find("limits");
    if (field == nullptr) return !is_misspelled("limits");
    const TreeNode& node = context_.tree[field->value];
    return !pipeline_.limits.empty() || (node.kind == TreeNode::Kind::map && !node.is_partial);
  }

  void error(Place place, std::string message) {
    context_.diagnostics.error(place, std::move(message));
  }

  const ReadContext& context_;
  const TreeNode& root_;
  Pipeline& pipeline_;
};

}  // namespace

Pipeline read_pipeline(const SourceText& source, const ReadOptions& options,
                       Diagnostics& diagnostics) {
  Pipeline pipeline;
  pipeline.file = source.name;
  pipeline.name = stem_of(source.name);
  if (source.text.empty() && diagnostics.has_errors()) return pipeline;

  const Lines lines(source.text);
  if (!admit(lines, diagnostics)) return pipeline;
  const std::optional<Tree> tree = parse_yaml(lines, diagnostics);
  if (!tree) return pipeline;
  const TreeNode& root = (*tree)[tree->root];
  if (root.kind != TreeNode::Kind::map) {
    if (!root.faulty) {
      const bool is_nothing = root.kind == TreeNode::Kind::scalar && root.text.empty();
      diagnostics.error(is_nothing ? Place{1, 1} : root.place,
                        is_nothing ? empty_message()
                                   : "a pipeline file is a map with the keys 'weir' and 'nodes'");
    }
    return pipeline;
  }
  const Surroundings surroundings{
      options.environment, directory_of(options.known_as.empty() ? source.name : options.known_as)};
  Resolver resolver(*tree, lines, surroundings, diagnostics);
  const ReadContext context{*tree, lines, resolver, diagnostics};
  PipelineReader(context, root, pipeline).read(options);
  return pipeline;
}

}  // namespace weir::spec
