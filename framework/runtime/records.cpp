#include "runtime/records.hpp"

#include <utility>

#include <weir/record.hpp>

#include "data/batches.hpp"
#include "data/wire.hpp"
#include "journal/key_hash.hpp"
#include "journal/time.hpp"
#include "runtime/gathered.hpp"

namespace weir::runtime {
namespace {

/// In the place of an output's bytes: the item itself was given out.
constexpr const char* kTheItem = "item";

}  // namespace

RunRecords::RunRecords(const compile::Plan& plan, RecordOptions options)
    : options_(std::move(options)) {
  if (options_.past != nullptr) awaited_.emplace(plan, *options_.past);
}

std::uint64_t RunRecords::add_origin(Origin origin) {
  const std::lock_guard lock(mutex_);
  origins_.push_back(origin);
  return origins_.size();
}

std::optional<RunRecords::Origin> RunRecords::origin(std::uint64_t number) const {
  if (number == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return origins_[number - 1];
}

void RunRecords::note_end(const journal::Key& key, bool is_done) {
  const std::lock_guard lock(mutex_);
  ended_[key] = is_done;
}

std::optional<bool> RunRecords::is_done(const journal::Key& key) const {
  const std::lock_guard lock(mutex_);
  const auto end = ended_.find(key);
  return end == ended_.end() ? std::nullopt : std::optional(end->second);
}

std::uint64_t RunRecords::add_failure_origin(std::string_view node, const Item& item,
                                             const Failure& failure) {
  Origin of = origin(item.batch()->origin).value_or(Origin{{}, false, true, 0});
  journal::KeyHash what;
  what.add(node);
  what.add(of.key ? of.key->text() : "");
  if (of.failure) {  // then its text is no name for it
    what.add(of.failure->text());
  } else {
    what.add(item.type());
    what.add(text_of(item));
    what.add(failure.error);
  }
  of.failure = what.key();
  return add_origin(of);
}

StationRecords::StationRecords(RunRecords& run, const Node& node, std::vector<Gathered*> gather)
    : run_(run),
      node_(node.planned.name),
      config_(config_hash(node.planned)),
      ports_(node.planned.ports.size()),
      gather_(std::move(gather)),
      known_(run.options().past == nullptr
                 ? nullptr
                 : std::make_unique<KnownItems>(node.planned.name, *run.options().past,
                                                run.awaited())) {
  const journal::History* const past = run.options().past;
  if (past != nullptr) new_seq_ = past->last_seq(node_);
}

bool StationRecords::is_written() const { return run_.is_written(); }

bool StationRecords::is_followed() const { return run_.is_followed(); }

bool StationRecords::may_settle() const { return run_.may_settle(); }

bool StationRecords::say(const ItemRecord& record, const Decision& decision) const {
  if (!run_.options().only_say) return false;
  run_.options().only_say(
      {node_, record.text, record.key, record.seq, record.past != nullptr, decision});
  // What it would give out is not known. It changes what is made of it together with others.
  if (decision.what == Decision::What::run) {
    for (Gathered* const gathered : gather_) gathered->would_take_new();
  }
  return true;
}

std::unique_ptr<ItemRecord> StationRecords::identify(const abi::Batch& batch, const Item& item) {
  auto record = std::make_unique<ItemRecord>();
  record->text = text_of(item);
  record->has_name = batch.type->text != nullptr && record->text != kNoText;
  const std::optional<RunRecords::Origin> origin = run_.origin(batch.origin);
  const bool is_failure = origin && origin->failure;
  const journal::Key first = is_failure ? item_key(node_, item.type(), *origin->failure)
                                        : item_key(node_, item.type(), record->text);
  if (!known_) record->key = keys_.next(first);
  if (!is_followed()) return record;
  record->arrived_ns = record->queued_ns = journal::now_ns();
  if (origin) {
    record->parent = origin->key;
    record->has_known_origin = origin->is_known;
    record->upstream_ran = origin->ran;
    record->upstream_ended_ns = origin->ended_ns;
    record->first_failed = origin->first_failed;
  }
  if (known_) {
    const KnownItems::Who who =
        known_->next(first, record->text, record->parent, is_failure || !record->has_known_origin);
    record->key = who.key;
    record->past = who.past;
    if (who.past != nullptr && who.past->is_gone && run_.is_written()) {
      run_.options().journal->came_or_went({node_, who.key, false});
    }
  }
  if (run_.options().only_say) {
    record->seq = arrived_.fetch_add(1) + 1;
  } else {
    record->seq = record->past != nullptr ? record->past->seq : new_seq_.fetch_add(1) + 1;
  }
  return record;
}

Decision StationRecords::decide(const ItemRecord& record) const {
  const Decision decision = decision_on(record);
  if (decision.what == Decision::What::run && record.past != nullptr) {
    run_.awaited().is_done_again(*record.past);
  }
  return decision;
}

Decision StationRecords::decision_on(const ItemRecord& record) const {
  using What = Decision::What;
  using Choice = RecordOptions::Choice;
  if (run_.options().past == nullptr) return {};
  const auto& choose = run_.options().choose;
  const journal::Row* const past = record.past;
  const Choice choice = choose ? choose(node_, past) : Choice::by_state;
  // It may have been done again in a run that ended before this item had its turn.
  const bool upstream_changed =
      record.upstream_ran || (past != nullptr && past->started_ns < record.upstream_ended_ns);
  if (upstream_changed) return {What::run, past == nullptr ? "new" : "upstream changed"};
  if (choice == Choice::again) return {What::run, "asked for"};
  if (past == nullptr) {
    return choice == Choice::leave ? Decision{What::leave, "not asked for"}
                                   : Decision{What::run, "new"};
  }
  if (!record.has_name) return {What::run, "it has no text to be known by"};
  const bool is_done = past->state == journal::State::done;
  if (is_done && (past->config == config_ || choice == Choice::leave)) {
    return past->has_output ? Decision{What::skip, "done"}
                            : Decision{What::run, "what it gave out was not kept"};
  }
  if (choice == Choice::leave) return {What::leave, "not asked for"};
  if (past->config != config_) return {What::run, "command changed"};
  switch (past->state) {
    case journal::State::failed:
      return {What::run, "failed before"};
    case journal::State::backing_off:
      return {What::run, "was to be tried again"};
    case journal::State::cancelled:
      return {What::run, past->error.empty() ? "cut off before" : "was to be tried again"};
    default:
      return {What::run, "was under way"};
  }
}

std::optional<std::vector<Output>> StationRecords::past_outputs(const ItemRecord& record,
                                                                const abi::BatchPtr& input) const {
  const std::optional<std::string> bytes = run_.options().past->output(*record.past);
  if (!bytes) return std::nullopt;
  std::vector<Output> outputs;
  try {
    const Record all = Record::from_cbor(bytes->begin(), bytes->end());
    for (const Record& one : all) {
      const auto port = one.at(0).get<std::uint32_t>();
      if (port >= ports_) return std::nullopt;
      if (one.at(1).is_string()) {
        outputs.push_back({port, input.share()});
        continue;
      }
      const Record::binary_t& wire = one.at(1).get_binary();
      auto batch =
          data::from_wire({reinterpret_cast<const char*>(wire.data()), wire.size()}, input.get());
      if (!batch) return std::nullopt;
      outputs.push_back({port, std::move(*batch)});
    }
  } catch (const Record::exception&) {
    return std::nullopt;
  }
  return outputs;
}

std::optional<std::string> StationRecords::encode(const std::vector<Output>& outputs,
                                                  const abi::Batch* input) {
  Record all = Record::array();
  for (const Output& output : outputs) {
    if (output.batch.get() == input) {
      all.push_back(Record::array({output.port, kTheItem}));
      continue;
    }
    const std::optional<std::string> wire = data::to_wire(*output.batch);
    if (!wire) return std::nullopt;
    all.push_back(Record::array({output.port, data::byte_string(*wire)}));
  }
  std::string bytes;
  Record::to_cbor(all, bytes);
  return bytes;
}

void StationRecords::mark(std::vector<Output>& outputs, const ItemRecord& record, bool ran) {
  if (!is_followed()) return;
  const std::uint64_t number = origin_of(record, ran);
  for (Output& output : outputs) {
    if (!output.batch->alone()) output.batch = data::copy_of(*output.batch);
    output.batch->origin = number;
  }
}

std::uint64_t StationRecords::origin_of(const ItemRecord& record, bool ran) {
  return is_followed() ? run_.add_origin(made_origin_of(record, ran)) : 0;
}

std::uint64_t StationRecords::failure_origin_of(const ItemRecord& record) {
  if (!is_followed()) return 0;
  RunRecords::Origin origin = made_origin_of(record, true);
  origin.failure = record.key;
  if (!origin.first_failed) origin.first_failed = record.key;
  return run_.add_origin(origin);
}

RunRecords::Origin StationRecords::made_origin_of(const ItemRecord& record, bool ran) const {
  const std::int64_t before = record.past == nullptr ? 0 : record.past->ended_ns.value_or(0);
  const bool is_known = record.past != nullptr || (record.parent && record.has_known_origin);
  const std::int64_t ended_ns = ran ? journal::now_ns() : before;
  // All that comes of a failure is done again with it, and may have times in it as well.
  const std::optional<journal::Key> failure =
      record.first_failed ? std::optional(record.key) : std::nullopt;
  return {record.key, ran, is_known, ended_ns, failure, record.first_failed};
}

void StationRecords::attempt_begins(const ItemRecord& record) {
  if (!run_.is_written()) return;
  journal::Started event;
  event.node = node_;
  event.key = record.key;
  event.seq = record.seq;
  event.parent = record.parent;
  event.item = record.text;
  event.config = config_;
  event.arrived_ns = record.arrived_ns;
  event.queued_ns = record.queued_ns;
  event.started_ns = journal::now_ns();
  event.admitted_ns = record.admitted_ns;
  event.held_by = record.held_by;
  event.held_for = record.held_for;
  event.needs = record.needs;
  run_.options().journal->started(std::move(event));
}

void StationRecords::attempt_ended(const ItemRecord& record, journal::State state, int status,
                                   const std::string& error, std::optional<std::string> output,
                                   const Measured& measured) {
  if (!run_.is_written()) return;
  const bool is_done = state == journal::State::done;
  if (known_ && (is_done || state == journal::State::failed)) run_.note_end(record.key, is_done);
  journal::Ended event;
  event.node = node_;
  event.key = record.key;
  event.state = state;
  event.ended_ns = journal::now_ns();
  if (status >= 0) event.status = status;
  event.error = error;
  event.cpu_ns = measured.cpu_ns;
  event.held_back_ns = measured.held_back_ns;
  event.output = std::move(output);
  run_.options().journal->ended(std::move(event));
}

Failure StationRecords::masked(Failure failure) const {
  const journal::Secrets* const secrets = run_.options().secrets;
  if (secrets == nullptr || secrets->empty()) return failure;
  // Nodes cut long commands in the middle, and output at both ends, before anybody masks them.
  failure.error = journal::mask_shortened(failure.error, *secrets);
  failure.command = journal::mask_shortened(failure.command, *secrets);
  failure.output = journal::mask_piece(failure.output, *secrets);
  return failure;
}

std::string StationRecords::masked(std::string text) const {
  const journal::Secrets* const secrets = run_.options().secrets;
  if (secrets == nullptr || secrets->empty()) return text;
  return journal::mask(text, *secrets);
}

const journal::Secrets* StationRecords::secrets() const { return run_.options().secrets; }

std::string StationRecords::masked_piece(std::string_view text) const {
  const journal::Secrets* const secrets = run_.options().secrets;
  if (secrets == nullptr || secrets->empty()) return std::string(text);
  return journal::mask_piece(text, *secrets);
}

bool StationRecords::has_logs() const { return run_.options().directory != nullptr; }

journal::ItemLog StationRecords::open_log(const ItemRecord& record, journal::Stream stream,
                                          std::int64_t attempt) const {
  const std::int64_t before = record.past == nullptr ? 0 : record.past->attempts;
  std::filesystem::path file = run_.options().directory->log_file(node_, record.seq, stream);
  if (before + attempt == 1 && run_.options().past != nullptr) {
    // Of an item that weir did not live to write down: its number has been given again.
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
  }
  return {std::move(file), *run_.options().secrets, before + attempt};
}

std::string StationRecords::log_path(const ItemRecord& record) const {
  if (!has_logs()) return {};
  for (const journal::Stream stream : {journal::Stream::err, journal::Stream::out}) {
    const std::filesystem::path file =
        run_.options().directory->log_file(node_, record.seq, stream);
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) return file.string();
  }
  return {};
}

}  // namespace weir::runtime
