#pragma once

/// What a run writes down of its items, and what it knows of them from before.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "journal/history.hpp"
#include "journal/item_log.hpp"
#include "journal/journal.hpp"
#include "journal/run_directory.hpp"
#include "journal/secrets.hpp"
#include "runtime/item_key.hpp"
#include "runtime/known_items.hpp"
#include "runtime/node.hpp"

namespace weir::runtime {

/// What is to be done with an item that is known from before, and why.
struct Decision {
  enum class What : std::uint8_t {
    run,
    skip,   ///< it is done: what it gave out then goes on
    leave,  ///< it is not done, and was not asked for
  };

  What what = What::run;
  std::string_view why;  ///< "done", "new", "failed before", …
};

/// A run's directory, as the run uses it. All must outlive the run; null: nothing of it.
struct RecordOptions {
  const journal::RunDirectory* directory = nullptr;
  /// Where the run is written down if there is no directory; empty: nowhere.
  std::filesystem::path database;
  /// The graph as JSON, for those who look at what was written down.
  std::string graph;
  journal::Journal* journal = nullptr;  ///< with one of those; the run opens it
  /// Not to be seen in anything that weir shows or writes of its own. Not null with one of those.
  const journal::Secrets* secrets = nullptr;
  /// What earlier runs in the directory have written down: items that are done are not done again.
  const journal::History* past = nullptr;
  /// Which items are to be run although they are done, and which are not to be run although they
  /// are not. Null row: not known from before. Null function: what is not done is run. It is asked
  /// of every item that comes, from many threads.
  enum class Choice : std::uint8_t { by_state, again, leave };
  std::function<Choice(const std::string& node, const journal::Row* row)> choose;
  /// Of what was to be run, what it has not been asked of when the run has come to its end: an
  /// error for each. What sinks have got is not all then. May be null.
  std::function<std::vector<std::string>()> not_come;
  /// Nothing is run: only said, by calls from many threads.
  struct Said {
    std::string node;
    std::string item;
    journal::Key key;
    std::int64_t number = 0;  ///< the how-manieth item at its node
    bool is_known = false;
    Decision decision;
  };
  std::function<void(const Said&)> only_say;
};

/// An item at a function that waits or blocks.
struct ItemRecord {
  journal::Key key;
  std::int64_t seq = 0;  ///< names its logs
  std::optional<journal::Key> parent;
  std::optional<journal::Key> first_failed;  ///< see RunRecords::Origin
  const journal::Row* past = nullptr;
  bool has_known_origin = true;  ///< it comes of items that are known from before, or of a source
  bool upstream_ran = false;     ///< what it came of has been done in this run
  std::int64_t upstream_ended_ns = 0;  ///< when that was done last; 0: not known
  std::int64_t arrived_ns = 0;
  std::int64_t queued_ns = 0;
  std::int64_t admitted_ns = 0;
  std::string_view held_by;  ///< as in journal::Started, and the next two
  std::string_view held_for;
  std::string needs;
  std::string text;
  bool has_name = true;  ///< it is known by its text; false: it has none
};

/// What is known of an attempt at its end.
struct Measured {
  std::optional<std::int64_t> cpu_ns;  ///< that its commands have used; nullopt: not known
  std::int64_t held_back_ns = 0;       ///< while it waited for its commands to be started
};

/// What the functions of a run have in common.
class RunRecords {
 public:
  RunRecords(const compile::Plan& plan, RecordOptions options);

  const RecordOptions& options() const { return options_; }
  bool is_written() const { return options_.journal != nullptr; }
  /// Whether some items may come to their end without work.
  bool may_settle() const { return options_.past != nullptr || options_.only_say; }
  /// Whether anything is to be known of an item when it comes.
  bool is_followed() const { return is_written() || may_settle(); }

  /// Where batches came from: a number for Batch::origin.
  struct Origin {
    /// Of what a collector gives out while it has an item in hand, that one; nullopt: of what it
    /// gives out at other times.
    std::optional<journal::Key> key;
    bool ran = false;  ///< one of them has been done in this run
    /// One item that is known from before, or comes of one that is.
    bool is_known = false;
    std::int64_t ended_ns = 0;  ///< unix time: when the last one was done
    /// Of what comes by a `failed` port: stands for what failed; of what comes of that: for what it
    /// came of.
    std::optional<journal::Key> failure = std::nullopt;
    /// The item whose failure it came of, directly or further up: without it, it would not come.
    std::optional<journal::Key> first_failed = std::nullopt;
  };
  std::uint64_t add_origin(Origin origin);
  std::optional<Origin> origin(std::uint64_t number) const;
  /// For the failure of an item at a node that computes: that comes again with the item. Throws.
  std::uint64_t add_failure_origin(std::string_view node, const Item& item, const Failure& failure);

  /// Only if anything is known from before.
  Awaited& awaited() { return *awaited_; }

  /// An item is done, or has failed, in this run. Only if anything is known from before.
  void note_end(const journal::Key& key, bool is_done);
  /// nullopt: it has not come to its end in this run.
  std::optional<bool> is_done(const journal::Key& key) const;

 private:
  const RecordOptions options_;
  std::optional<Awaited> awaited_;
  mutable std::mutex mutex_;
  std::vector<Origin> origins_;
  std::unordered_map<journal::Key, bool, journal::Key::Hash> ended_;  // whether it is done
};

/// One function's side of it.
class StationRecords {
 public:
  /// `gather`: the collectors that what it gives out comes to, sooner or later.
  StationRecords(RunRecords& run, const Node& node, std::vector<Gathered*> gather);

  /// Whether attempts are written down.
  bool is_written() const;
  /// Whether anything is to be known of an item when it comes.
  bool is_followed() const;
  /// Whether some items may come to their end without work.
  bool may_settle() const;
  /// Whether an item that is known from before has come.
  bool has_come(const journal::Row& row) const { return known_ && known_->has_come(row); }
  /// True: nothing is run, and what would be has been told.
  bool say(const ItemRecord& record, const Decision& decision) const;

  /// Who an item is that has come. Throws.
  std::unique_ptr<ItemRecord> identify(const abi::Batch& batch, const Item& item);
  Decision decide(const ItemRecord& record) const;
  /// What an item that is skipped gave out when it was done; `input` is the item. Empty if that
  /// can't be read again: then it has to be run. Throws.
  std::optional<std::vector<Output>> past_outputs(const ItemRecord& record,
                                                  const abi::BatchPtr& input) const;

  void attempt_begins(const ItemRecord& record);
  void attempt_ended(const ItemRecord& record, journal::State state, int status,
                     const std::string& error, std::optional<std::string> output,
                     const Measured& measured = {});
  /// What is given out for an item, as bytes. nullopt: it can't be kept. Throws.
  static std::optional<std::string> encode(const std::vector<Output>& outputs,
                                           const abi::Batch* input);
  /// Notes on batches what they came of. `ran`: in this run. Throws.
  void mark(std::vector<Output>& outputs, const ItemRecord& record, bool ran);
  /// For what came of an item: a number for Batch::origin.
  std::uint64_t origin_of(const ItemRecord& record, bool ran);
  /// The same for its failure.
  std::uint64_t failure_origin_of(const ItemRecord& record);

  /// The same without secrets.
  Failure masked(Failure failure) const;
  std::string masked(std::string text) const;
  /// Of what may have been cut in the middle of one.
  std::string masked_piece(std::string_view text) const;
  /// Null: there are none.
  const journal::Secrets* secrets() const;

  /// Whether its items have files for what they write.
  bool has_logs() const;
  journal::ItemLog open_log(const ItemRecord& record, journal::Stream stream,
                            std::int64_t attempt) const;
  /// Where what it wrote to standard error is, or else to standard output; empty: nothing is.
  std::string log_path(const ItemRecord& record) const;

  std::int64_t skipped() const { return skipped_.load(std::memory_order_relaxed); }
  void count_skipped() { skipped_.fetch_add(1, std::memory_order_relaxed); }

 private:
  Decision decision_on(const ItemRecord& record) const;
  RunRecords::Origin made_origin_of(const ItemRecord& record, bool ran) const;

  RunRecords& run_;
  const std::string node_;
  const std::string config_;
  const std::size_t ports_;
  const std::vector<Gathered*> gather_;
  ItemKeys keys_;
  const std::unique_ptr<KnownItems> known_;  // null: nothing is
  std::atomic<std::int64_t> arrived_{0};
  std::atomic<std::int64_t> new_seq_{0};
  std::atomic<std::int64_t> skipped_{0};
};

}  // namespace weir::runtime
