#include "view/web/metrics_file.hpp"

#include <stdexcept>

#include "io/signals_blocked.hpp"
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

MetricsFile::~MetricsFile() { stop(); }

std::shared_ptr<void> MetricsFile::begin(runtime::LiveRun& run) {
  const io::SignalsBlocked blocked;  // they are for other threads
  thread_ = std::thread([this, &run] {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kInterval, [this] { return is_over_; })) write_again(run);
    write_again(run);
  });
  return {this, [](MetricsFile* file) { file->stop(); }};
}

void MetricsFile::write_again(runtime::LiveRun& run) {
  const std::string error = journal::replace_file(path_, metrics_text(run.status(), process_use()));
  if (error.empty() || has_failed_) return;
  has_failed_ = true;
  warn_("the metrics can't be written any more: " + error);
}

void MetricsFile::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace weir::view
