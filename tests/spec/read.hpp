#pragma once

/// A pipeline file's text, read.

#include <stdexcept>
#include <string>
#include <utility>

#include "spec/pipeline.hpp"

namespace weir::spec {

struct Reading {
  SourceText source;
  Diagnostics diagnostics;
  Pipeline pipeline;

  /// The messages as the user sees them.
  std::string rendered() const { return diagnostics.render(source); }

  const NodeDeclaration& node(const std::string& name) const {
    for (const NodeDeclaration& node : pipeline.nodes) {
      if (node.name == name) return node;
    }
    throw std::out_of_range("no node " + name + "\n" + rendered());
  }

  /// A parameter of a node.
  const Value& value(const std::string& node_name, const std::string& key) const {
    for (const Value::Field& field : node(node_name).parameters) {
      if (field.key == key) return field.value;
    }
    throw std::out_of_range("no parameter " + key + "\n" + rendered());
  }
};

inline Reading read(std::string text, ReadOptions options = {}, std::string name = "test.yaml") {
  Reading reading;
  reading.source = {std::move(name), std::move(text)};
  reading.pipeline = read_pipeline(reading.source, options, reading.diagnostics);
  return reading;
}

}  // namespace weir::spec
