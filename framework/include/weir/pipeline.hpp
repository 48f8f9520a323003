#pragma once

/// Running pipelines inside a program of your own: `find_package(weir REQUIRED COMPONENTS embed)`,
/// then link `weir::weir`.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <weir/abi.hpp>
#include <weir/summary.hpp>

namespace weir {

/// A file has errors, or can't be read. `what()` is all of them, each with its place and a caret.
class PipelineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct PipelineOptions {
  std::vector<std::pair<std::string, std::string>> settings;  ///< as `--set NAME=VALUE`
  std::vector<std::string> plugins;                           ///< as `--plugin PATH`
  std::vector<abi::Table> nodes;  ///< node types of the program itself: see WEIR_NODES
};

struct EmbeddedRunOptions {
  int threads = 0;          ///< workers; 0: as many as there are CPUs for this process
  std::uint32_t batch = 0;  ///< items in each batch of a source; 0: it is found
};

/// A pipeline that has been read and checked. Can be run any number of times, by one thread at a
/// time.
class Pipeline {
 public:
  /// Throws PipelineError.
  static Pipeline load(const std::string& file, PipelineOptions options = {});
  /// The same from a text; `name` stands for the file's in messages, and relative plugin paths
  /// count from its folder.
  static Pipeline parse(const std::string& text, const std::string& name,
                        PipelineOptions options = {});

  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;
  ~Pipeline();

  /// What is suspicious but no error, each with its place; empty if nothing is.
  const std::string& warnings() const;

  /// Blocks until the run is over. Signals are left alone. Failures and notes go to standard error,
  /// what `print` and `count` write to standard output. Throws std::system_error if threads or the
  /// event loop can't be started.
  RunSummary run(const EmbeddedRunOptions& options = {}) const;

 private:
  struct Loaded;
  explicit Pipeline(std::unique_ptr<Loaded> loaded);

  std::unique_ptr<Loaded> loaded_;
};

}  // namespace weir
