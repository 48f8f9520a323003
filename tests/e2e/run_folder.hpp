#pragma once

/// Run directories made by hand, for the commands that read them.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "journal/event.hpp"
#include "journal/item_log.hpp"
#include "journal/journal.hpp"
#include "journal/run_directory.hpp"
#include "journal/time.hpp"
#include "support.hpp"

namespace weir::e2e {

/// A run that goes on until it is ended, or destroyed: then it has crashed.
class HandMadeRun {
 public:
  /// `time` is of 2026-11-25, UTC.
  HandMadeRun(const Folder& folder, const std::string& pipeline, const std::string& time)
      : run_(create(folder, pipeline, time)),
        journal_(std::make_unique<journal::Journal>(
            run_->database(), [](const std::string& error) { ADD_FAILURE() << error; })) {}

  const std::string& id() const { return run_->id(); }

  /// As a run does that resumes it, so much later than the first one: what follows is of that.
  void begin_again(std::chrono::seconds later) {
    began_ns_ = run_->info().started_ns + std::chrono::nanoseconds(later).count();
    journal_->begun({"", Json({{"started_ns", began_ns_}}).dump()});
    journal_->flush();
  }
  void start(const std::string& node, std::int64_t seq, const std::string& item) {
    const std::int64_t now = began_ns_ + 1'000'000'000;
    journal_->started({.node = node,
                       .key = key(node, seq),
                       .seq = seq,
                       .parent = std::nullopt,
                       .item = item,
                       .config = "",
                       .arrived_ns = now,
                       .queued_ns = now,
                       .admitted_ns = 0,
                       .started_ns = now,
                       .held_by = {},
                       .held_for = {},
                       .needs = {}});
    journal_->flush();
  }
  void end(const std::string& node, std::int64_t seq, journal::State state) {
    journal_->ended({.node = node,
                     .key = key(node, seq),
                     .state = state,
                     .ended_ns = began_ns_ + 2'000'000'000,
                     .status = std::nullopt,
                     .cpu_ns = std::nullopt,
                     .error = {},
                     .output = std::nullopt});
    journal_->flush();
  }
  void sample(std::chrono::milliseconds after_begin) {
    journal::Sampled sample;
    sample.at_ns = began_ns_ + std::chrono::nanoseconds(after_begin).count();
    sample.nodes = "[]";
    journal_->sampled(std::move(sample));
    journal_->flush();
  }
  void log(const std::string& node, std::int64_t seq, journal::Stream stream,
           const std::string& text) {
    const journal::Secrets none;
    journal::ItemLog log(run_->log_file(node, seq, stream), none);
    EXPECT_FALSE(log.write(text));
    EXPECT_FALSE(log.close());
  }
  void summarize(const std::string& outcome, int exit_code) {
    const Json summary = {{"outcome", outcome}, {"exit_code", exit_code}, {"seconds", 2.5}};
    EXPECT_EQ(run_->write_summary(summary.dump()), "");
  }
  /// It is no longer alive.
  void die() {
    journal_.reset();
    run_.reset();
  }

 private:
  static journal::Key key(const std::string& node, std::int64_t seq) {
    return {std::hash<std::string>()(node), static_cast<std::uint64_t>(seq)};
  }
  static std::optional<journal::RunDirectory> create(const Folder& folder,
                                                     const std::string& pipeline,
                                                     const std::string& time) {
    journal::RunInfo info;
    info.pipeline = pipeline;
    info.started_ns = journal::parse_iso_time("2026-11-25T" + time + ".000000Z").value();
    return journal::RunDirectory::create(
        folder.path() / journal::default_root(), info,
        "weir: 1\nnodes:\n  names: {source: list, items: [nginx]}\n"
        "  build: {from: names, run: [make, '${{ item }}']}\n"
        "  push: {from: build, run: [push, '${{ item }}']}\n");
  }

  std::optional<journal::RunDirectory> run_;
  std::int64_t began_ns_ = run_->info().started_ns;
  std::unique_ptr<journal::Journal> journal_;
};

}  // namespace weir::e2e
