#include "view/web/metrics_file.hpp"

#include <stdexcept>

#include "journal/file.hpp"
#include "view/web/metrics.hpp"

namespace weir::view {

MetricsFile::MetricsFile(std::string path, const std::string& pipeline,
                         std::function<void(const std::string& error)> warn)
    : path_(std::move(path)), warn_(std::move(warn)) {
  runtime::Status status;
  status.pipeline = pipeline;
  const std::string error = journal::replace_file(path_, metrics_text(status, process_use()));
  if (!error.empty()) throw std::runtime_error("the metrics can't be written: " + error);
}

std::shared_ptr<void> MetricsFile::begin(runtime::LiveRun& run) {
  ticker_ = std::make_unique<Ticker>(kInterval, [this, &run] { write_again(run); });
  return {this, [&run](MetricsFile* file) {
            file->ticker_.reset();
            file->write_again(run);
          }};
}

void MetricsFile::write_again(runtime::LiveRun& run) {
  const std::string error = journal::replace_file(path_, metrics_text(run.status(), process_use()));
  if (error.empty() || has_failed_) return;
  has_failed_ = true;
  warn_("the metrics can't be written any more: " + error);
}

}  // namespace weir::view
