#include "spec/resolve.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "spec/scalar.hpp"
#include "spec/utf8.hpp"

namespace weir::spec {

namespace {

constexpr std::size_t longest_text = std::size_t{1} << 20;
constexpr std::string_view env_prefix = "env.";

bool is_environment(std::string_view name) { return name.substr(0, 4) == env_prefix; }

Extent extent_of(const Value& value) {
  Extent extent;
  extent.bytes = value.text.size();
  for (const Value& item : value.items) extent.add(extent_of(item));
  for (const Value::Field& field : value.fields) {
    extent.add(extent_of(field.value));
    extent.bytes += field.key.size();
  }
  return extent;
}

Value faulty_value(Place place) {
  Value value;
  value.place = place;
  value.faulty = true;
  return value;
}

}  // namespace

Resolver::Resolver(const Tree& tree, const Lines& lines, const Surroundings& surroundings,
                   Diagnostics& diagnostics)
    : tree_(tree), lines_(lines), surroundings_(surroundings), diagnostics_(diagnostics) {}

void Resolver::define(const std::string& name, Value value) {
  const Extent extent = extent_of(value);
  known_.insert_or_assign(name, Known{std::move(value), extent});
  names_.push_back(name);
}

Value Resolver::resolve(TreeIndex index) { return resolve(index, 0); }

Value Resolver::resolve(TreeIndex index, std::size_t depth) {
  const TreeNode& node = tree_[index];
  if (node.faulty) return faulty_value(node.place);
  if (node.kind == TreeNode::Kind::scalar) return resolve_scalar({lines_, node}, depth);

  Value value;
  value.place = node.place;
  value.kind = node.kind == TreeNode::Kind::list ? Value::Kind::list : Value::Kind::map;
  value.items.reserve(node.items.size());
  for (const TreeIndex item : node.items) {
    value.items.push_back(resolve(item, depth + 1));
    value.faulty |= value.items.back().faulty;
  }
  value.fields.reserve(node.fields.size());
  for (const TreeField& field : node.fields) {
    value.fields.push_back({field.key, field.key_place, resolve(field.value, depth + 1)});
    value.faulty |= value.fields.back().value.faulty;
  }
  return value;
}

Value Resolver::resolve_scalar(LocatedScalar scalar, std::size_t depth) {
  if (!is_template(scalar->text)) return finish(scalar, {scalar->text, {}, false}, true);
  const Template parsed = parse_template(scalar->text);
  for (const TemplateError& error : parsed.errors) {
    report(scalar, error.begin, error.end, error.message);
  }
  Value value = resolve_pieces(scalar, parsed.pieces, depth);
  if (!parsed.errors.empty()) value.faulty = true;
  return value;
}

Value Resolver::resolve_pieces(LocatedScalar& scalar, const std::vector<Piece>& pieces,
                               std::size_t depth) {
  const bool is_reference = pieces.size() == 1 && pieces.front().kind == Piece::Kind::reference;
  bool is_retyped = true;
  if (is_reference) {
    const Piece& reference = pieces.front();
    const Meaning meaning = look_up(reference);
    if (meaning.is_null() && reference.has_fallback) {
      warn_if_undeclared(scalar, reference, meaning);
      return resolve_pieces(scalar, reference.fallback, depth);
    }
    if (meaning.parameter != nullptr) return copy_of(*meaning.parameter, scalar, reference, depth);
    is_retyped = meaning.is_retyped;
    if (is_environment(reference.text) && meaning.text != nullptr && meaning.text->empty()) {
      diagnostics_.remark(scalar->place, fmt::format("the environment variable '{}' is empty",
                                                     reference.text.substr(env_prefix.size())));
    }
  }
  Assembly assembly;
  assemble(scalar, pieces, assembly);
  return finish(scalar, std::move(assembly), is_retyped);
}

Value Resolver::copy_of(const Known& known, LocatedScalar& scalar, const Piece& piece,
                        std::size_t depth) {
  if (known.value.faulty) return faulty_value(scalar->place);
  const bool is_too_deep = depth + known.extent.height > Tree::deepest;
  if (is_too_deep || !budget_.pay(known.extent)) {
    report(scalar, piece.begin, piece.end,
           is_too_deep ? fmt::format("nested deeper than {} levels with the value of '{}'",
                                     Tree::deepest, piece.text)
                       : "the parameters make this file grow beyond all measure (100000 values or "
                         "16 MiB)");
    return faulty_value(scalar->place);
  }
  Value value = known.value;
  diagnostics_.copy_remark(value.place, scalar->place);
  value.place = scalar->place;
  return value;
}

void Resolver::assemble(LocatedScalar& scalar, const std::vector<Piece>& pieces,
                        Assembly& assembly) {
  for (const Piece& piece : pieces) {
    switch (piece.kind) {
      case Piece::Kind::literal:
        assembly.add(piece.text, {});
        break;
      case Piece::Kind::reference:
        assemble(scalar, piece, assembly);
        break;
      case Piece::Kind::hole: {
        Value::Hole hole;
        hole.end = static_cast<std::uint32_t>(piece.text.size());
        hole.place = scalar.place(piece.begin, piece.end);
        assembly.add(piece.text, {hole});
        break;
      }
    }
    // Checked while it grows: a text made of texts made of texts doubles at every step.
    if (assembly.text.size() > longest_text) {
      report(scalar, piece.begin, piece.end, "the text is longer than 1 MiB with this");
      assembly.text.clear();
      assembly.holes.clear();
      assembly.faulty = true;
      return;
    }
  }
}

void Resolver::assemble(LocatedScalar& scalar, const Piece& reference, Assembly& assembly) {
  const Meaning meaning = look_up(reference);
  if (meaning.is_excused) {
    assembly.faulty = true;
  } else if (meaning.is_null() && reference.has_fallback) {
    warn_if_undeclared(scalar, reference, meaning);
    assemble(scalar, reference.fallback, assembly);
  } else if (meaning.text != nullptr) {
    assembly.add(*meaning.text, {});
  } else if (meaning.parameter != nullptr && !meaning.is_null() &&
             meaning.parameter->value.is_scalar()) {
    assembly.add(meaning.parameter->value.text, meaning.parameter->value.holes);
  } else {
    report_unknown(scalar, reference, meaning);
    assembly.faulty = true;
  }
}

void Resolver::Assembly::add(std::string_view more, const std::vector<Value::Hole>& more_holes) {
  const auto shift = static_cast<std::uint32_t>(text.size());
  text += more;
  for (Value::Hole hole : more_holes) {
    hole.begin += shift;
    hole.end += shift;
    holes.push_back(hole);
  }
}

Value Resolver::finish(LocatedScalar& scalar, Assembly assembly, bool is_retyped) {
  Value value;
  value.place = scalar->place;
  value.holes = std::move(assembly.holes);
  value.faulty = assembly.faulty;
  if (is_template(scalar->text) && !budget_.pay({0, assembly.text.size(), 0}) && !value.faulty) {
    diagnostics_.error(scalar->place,
                       "the parameters make this file grow beyond all measure "
                       "(100000 values or 16 MiB)");
    return faulty_value(scalar->place);
  }
  const bool is_text = scalar->style != TreeNode::Style::plain || !is_retyped ||
                       !value.holes.empty() || value.faulty;
  if (is_text) {
    set_text(value, std::move(assembly.text));
  } else if (!set_scalar(value, std::move(assembly.text))) {
    diagnostics_.error(scalar->place,
                       out_of_range_message(value.text) + "; put it in quotes if it is a text");
    value.faulty = true;
  }
  return value;
}

bool Resolver::Meaning::is_null() const {
  if (is_excused) return false;
  if (parameter != nullptr) return parameter->value.kind == Value::Kind::null;
  return text == nullptr;
}

Resolver::Meaning Resolver::look_up(const Piece& reference) const {
  const std::string& name = reference.text;
  Meaning meaning;
  if (is_environment(name)) {
    const auto found = surroundings_.environment.find(name.substr(env_prefix.size()));
    if (found == surroundings_.environment.end()) return meaning;
    // As in a shell: with a default, empty is as good as not set.
    if (found->second.empty() && reference.has_fallback) return meaning;
    if (is_utf8(found->second)) meaning.text = &found->second;
    // A variable that is set is a text, and never null.
    meaning.is_retyped = !found->second.empty();
  } else if (name == "weir.dir") {
    meaning.text = &surroundings_.directory;
    meaning.is_retyped = false;
  } else if (const auto found = known_.find(name); found != known_.end()) {
    meaning.parameter = &found->second;
    meaning.is_excused = found->second.value.faulty;
  } else if (excuses_unknown_names_ && is_name(name)) {
    meaning.is_excused = true;
  }
  return meaning;
}

void Resolver::warn_if_undeclared(LocatedScalar& scalar, const Piece& reference,
                                  const Meaning& meaning) {
  if (meaning.parameter != nullptr || is_environment(reference.text)) return;
  diagnostics_.warning(
      scalar.place(reference.begin, reference.end),
      fmt::format("no parameter {0} is declared, so this is always its default; declare it in "
                  "'params', or write '$${{{1}:-…}}' if a shell is to see it",
                  quote(reference.text), reference.text));
}

void Resolver::report_unknown(LocatedScalar& scalar, const Piece& reference,
                              const Meaning& meaning) {
  std::string message;
  if (meaning.parameter == nullptr) {
    message = unknown_message(reference.text);
  } else if (meaning.is_null()) {
    message = fmt::format(
        "'{0}' is null, which can't be part of a text; give it a default: "
        "${{{0}:-…}}",
        reference.text);
  } else {
    message = fmt::format("'{}' is {}, which can't be part of a text; it must stand alone",
                          reference.text, kind_name(meaning.parameter->value.kind));
  }
  report(scalar, reference.begin, reference.end, std::move(message));
}

std::string Resolver::unknown_message(std::string_view name) {
  const auto& environment = surroundings_.environment;
  if (is_environment(name)) {
    const std::string variable(name.substr(env_prefix.size()));
    if (environment.count(variable) != 0) {
      return fmt::format("the environment variable '{}' is not UTF-8", variable);
    }
    std::vector<std::string> variables;
    for (const auto& [known, text] : environment) variables.push_back(known);
    const std::string suggestion = suggest_(variable, variables);
    return fmt::format("the environment variable '{}' is not set{}", variable,
                       suggestion.empty()
                           ? fmt::format("; set it, or give a default: ${{env.{}:-…}}", variable)
                           : suggestion);
  }
  if (name.find('.') != std::string_view::npos && name.substr(0, 5) != "item.") {
    return fmt::format(
        "{} is unknown; there are '${{NAME}}' for a parameter, '${{env.NAME}}' and "
        "'${{weir.dir}}'",
        quote(name));
  }
  std::string advice = suggest_(name, names_);
  if (name == "item" || name.substr(0, 5) == "item.") {
    advice = fmt::format("; did you mean '${{{{ {} }}}}'?", name);
  } else if (advice.empty() && environment.count(std::string(name)) != 0) {
    advice = fmt::format("; did you mean '${{env.{}}}'?", name);
  } else if (advice.empty()) {
    advice = "; declare it in 'params', or write '$${' if you mean the characters '${' themselves";
  }
  return fmt::format("there is no parameter {}{}", quote(name), advice);
}

void Resolver::report(LocatedScalar& scalar, std::size_t begin, std::size_t end,
                      std::string message) {
  diagnostics_.error(scalar.place(begin, end), std::move(message));
}

}  // namespace weir::spec
