#pragma once

/// What a run takes over from the one that it goes on with, or repeats.

#include <string>

#include "cli/run_record.hpp"
#include "journal/run_directory.hpp"
#include "journal/run_info.hpp"

namespace weir::cli {

/// The run that `--resume` means. Throws journal::Error.
journal::RunDirectory run_to_resume(const RecordChoice& choice, const std::string& file);

/// Throws journal::UnknownRun if the run is one of another file, and of a pipeline with another
/// name.
void expect_run_of(const journal::RunDirectory& run, const std::string& file,
                   const compile::Plan& plan);

/// Adds what the run was begun with to `input`, where it doesn't say otherwise: settings one by
/// one, plugins by their file's name, and the options. A path of the file other than the run's
/// stands for the same `${weir.dir}`, if the run's leads to the file from here, too.
void take_over(const journal::RunInfo& info, RunInput& input);

}  // namespace weir::cli
