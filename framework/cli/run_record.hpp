#pragma once

/// The directory that a run is written down in.

#include <memory>
#include <optional>
#include <string>

#include "cli/load.hpp"
#include "compile/plan.hpp"
#include "journal/history.hpp"
#include "journal/run_directory.hpp"
#include "journal/secrets.hpp"
#include "runtime/records.hpp"

namespace weir::cli {

/// What was asked for with `--run-dir`, `--no-run-dir` and `--resume`.
struct RecordChoice {
  std::string directory;  ///< empty: one of its own below .weir/runs
  bool none = false;
  bool resume = false;
  std::string run;  ///< which one to resume; empty: the last one of the file
};

/// What is run.
struct RunInput {
  std::string file;  ///< as the user gave it
  std::string text = {};
  LoadOptions load = {};
  int threads = 0;          ///< 0: not said
  std::uint32_t batch = 0;  ///< 0: not said
};

/// Where a run is written down, and what is known from before. At one address.
class RunRecord {
 public:
  /// Makes the directory, if there is to be one. If the default place can't be written to, that is
  /// said on standard error, and the run has none. Throws journal::Error.
  RunRecord(const RecordChoice& choice, const RunInput& input, const compile::Plan& plan);
  /// One that exists, to go on with it: takes its lock, writes down what is run now, and reads its
  /// history. `dry_run`: only reads. Throws journal::Error.
  RunRecord(journal::RunDirectory directory, const RunInput& input, const compile::Plan& plan,
            bool dry_run);
  /// One that exists, to run again what is in it. Throws journal::Error.
  RunRecord(journal::RunDirectory directory, const compile::Plan& plan);

  /// For the run. This must outlive it.
  runtime::RecordOptions options() const;

  /// Null: it has none.
  const journal::RunDirectory* directory() const { return directory_ ? &*directory_ : nullptr; }
  const journal::History* history() const { return history_ ? &*history_ : nullptr; }

  /// Not to be seen in anything that is shown.
  const journal::Secrets& secrets() const { return secrets_; }

  /// The result is an error, or empty.
  std::string write_summary(const std::string& json) const;

 private:
  void create(const RecordChoice& choice, const RunInput& input, const compile::Plan& plan);
  void take_lock();

  std::optional<journal::RunDirectory> directory_;
  std::optional<journal::History> history_;
  journal::Secrets secrets_;
};

/// What is shown for `--run-dir` and the like.
std::filesystem::path absolute_path(const std::string& file);

}  // namespace weir::cli
