#pragma once

/// What the tests of compile share: a registry with the built-in types and the probe plugin, and
/// plans made of texts.

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <string>

#include "compile/check.hpp"
#include "compile/plugin.hpp"
#include "compile/registry.hpp"
#include "nodes/builtin.hpp"

namespace weir::compile {

inline Registry full_registry() {
  Registry registry;
  for (abi::Table& table : nodes::builtin()) {
    if (const auto error = registry.add(std::move(table), "built in")) {
      throw std::logic_error(*error);
    }
  }
  if (const auto error = load_plugin(WEIR_PROBE, ".", registry)) throw std::logic_error(*error);
  return registry;
}

/// Throws what is wrong with it.
inline Plan plan_of(const std::string& text, const Registry& registry,
                    const std::string& name = "test.yaml") {
  spec::Diagnostics diagnostics;
  const spec::SourceText source{name, text};
  const spec::Pipeline pipeline = spec::read_pipeline(source, {}, diagnostics);
  std::optional<Plan> plan = make_plan(pipeline, registry, diagnostics);
  if (!plan) throw std::runtime_error(diagnostics.render(source));
  return std::move(*plan);
}

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("can't read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "weir-compile-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = std::filesystem::canonical(pattern);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_; }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace weir::compile
