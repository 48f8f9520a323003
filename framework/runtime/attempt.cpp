#include "runtime/attempt.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include <weir/loop.hpp>
#include <weir/units.hpp>

#include "runtime/ticket.hpp"

namespace weir::runtime {
namespace {

/// How long a clean-up may take.
constexpr std::chrono::seconds kCleanup{30};

/// How long a log waits for a descriptor: a minute, more or less.
constexpr std::chrono::milliseconds kLogPause{20};
constexpr int kLogTries = 3000;

/// How much of what a command wrote is looked at by `retry` and `throttle`: the end of it.
constexpr std::size_t kLookedAt = 64 * 1024;

/// What a line can show of a command.
std::string shortened(const std::string& command) {
  constexpr std::size_t kShown = 200;
  std::string to = command.substr(0, command.find('\n'));
  if (to.size() > kShown) to.resize(kShown);
  return to.size() < command.size() ? to + " …" : to;
}

std::string_view end_of(const std::string& text) {
  return std::string_view(text).substr(text.size() - std::min(text.size(), kLookedAt));
}

}  // namespace

/// The files of one attempt. For the reactor's thread.
struct WaitingAttempt::Logs {
  struct OfStream {
    journal::ItemLog log;
    std::string pending;  ///< while there are no descriptors
  };

  OfStream out, err;

  OfStream& of(io::Stream stream) { return stream == io::Stream::out ? out : err; }
};

WaitingAttempt::WaitingAttempt(ItemVisit& visit, Permit permit)
    : NodeHost(visit.node()),
      visit_(visit),
      kept_(visit.keeps_item() ? visit.batch() : nullptr),
      permit_(visit.holder(std::move(permit))),
      began_(Time::now()) {
  // A node that takes its item out of a batch of its own would leave nothing for a retry.
  if (kept_ != nullptr) kept_->acquire();
  input = visit.batch();
  host = this;
  yield = nullptr;
}

WaitingAttempt::~WaitingAttempt() {
  if (kept_ != nullptr) abi::Batch::release(kept_);
}

void WaitingAttempt::emit(std::uint32_t port, abi::Batch* batch) noexcept {
  if (batch == visit_.batch()) {
    // The item itself goes on only when we are done with it: its next owner may move it away.
    passed_on_.push_back({port, abi::BatchPtr(batch)});
    return;
  }
  if (Ticket* const ticket = Ticket::of(*batch)) {
    ticket->charge(*batch, visit_.batch()->storage, node_.planned.type->expands);
  }
  if (visit_.holds_output()) {
    outputs_.push_back({port, abi::BatchPtr(batch)});
  } else {
    node_.emit(port, abi::BatchPtr(batch), &permit_);
  }
}

void WaitingAttempt::begin(abi::SleepWait& wait) {
  wait_ = &wait;
  has_begun_ = true;
  const Time::duration left = this->left();
  timed_out_ = left < wait.after;
  // Nothing may be touched behind the call: the coroutine may be running again, on another thread.
  node_.control.reactor().start_timer(*this, std::min<std::chrono::nanoseconds>(wait.after, left));
}

void WaitingAttempt::begin(abi::ProcessWait& wait) {
  wait_ = &wait;
  process_wait_ = &wait;
  io::ProcessTerms terms;
  terms.begins = !has_begun_;
  if (node_.planned.timeout) {
    terms.timeout = left();
    command_ = shell_quoted(wait.command.argv);
  }
  out_is_data_ = !wait.command.out_is_for_people && !node_.ports.front().empty();
  const ItemRecord& record = visit_.record();
  wait.command.env.emplace_back("WEIR_ITEM_ID", record.key.text());
  wait.command.env.emplace_back("WEIR_ATTEMPT", std::to_string(visit_.attempts()));
  if (visit_.records().has_logs() && !logs_) {
    const StationRecords& records = visit_.records();
    const std::int64_t attempt = visit_.attempts();
    logs_.reset(new Logs{{records.open_log(record, journal::Stream::out, attempt), {}},
                         {records.open_log(record, journal::Stream::err, attempt), {}}});
  }
  hold_back();
  node_.control.reactor().start_process(*this, std::move(wait.command), terms);
}

/// Its command has to wait until there is room for it: it is not in work meanwhile.
void WaitingAttempt::hold_back() noexcept {
  held_back_since_ = Time::now();
  visit_.hold_back();
}

void WaitingAttempt::go_on(bool is_to_end) noexcept {
  if (!held_back_since_) return;
  held_back_ += Time::now() - *std::exchange(held_back_since_, std::nullopt);
  visit_.go_on(held_back_, is_to_end);
}

void WaitingAttempt::started() noexcept { go_on(false); }

/// Until the attempt has taken as long as it may.
WaitingAttempt::Time::duration WaitingAttempt::left() const {
  if (!node_.planned.timeout) return Time::duration::max();
  return std::max(Time::duration::zero(), *node_.planned.timeout - busy_until(Time::now()));
}

void WaitingAttempt::complete(bool cancelled) noexcept {
  if (is_closing_logs_) return visit_.executor().execute(*this);
  timed_out_ = timed_out_ && !cancelled;
  wait_->cancelled = cancelled || timed_out_;
  visit_.executor().execute(*this);
}

void WaitingAttempt::complete(io::ProcessOutcome outcome) noexcept {
  if (is_cleaning_) {
    if (!outcome.error.empty() || outcome.result.status != 0) {
      const std::string written(
          last_lines(visit_.records().masked_piece(outcome.result.err), 1, 400));
      node_.control.observer().note(
          node_.planned.name,
          "on_cancel: " + (!outcome.error.empty()
                               ? outcome.error
                               : fmt::format("exited with status {}{}{}", outcome.result.status,
                                             written.empty() ? "" : ": ", written)));
    }
    return visit_.executor().execute(*this);
  }
  go_on(true);  // if it has never been started
  measured_.cpu_ns = measured_.cpu_ns.value_or(0) + outcome.cpu.count();
  has_begun_ = has_begun_ || outcome.started;
  timed_out_ = outcome.end == io::ProcessEnd::timed_out;
  process_wait_->cancelled = timed_out_ || outcome.end == io::ProcessEnd::cancelled;
  if (process_wait_->cancelled || visit_.policy().reads_output()) note_output(outcome);
  if (outcome.end == io::ProcessEnd::not_started) {
    process_wait_->error = std::move(outcome.error);
    if (process_wait_->error.empty()) process_wait_->error = "the program can't be started";
  } else if (outcome.end == io::ProcessEnd::exited) {
    process_wait_->error = std::move(outcome.error);
  }
  process_wait_->result = std::move(outcome.result);
  visit_.executor().execute(*this);
}

void WaitingAttempt::note_output(const io::ProcessOutcome& outcome) {
  // What is shown of a command that was cut off is masked in its pieces, as they were cut.
  const auto noted = [this](const std::string& text) {
    return process_wait_->cancelled ? visit_.records().masked_piece(end_of(text))
                                    : std::string(end_of(text));
  };
  output_ = noted(outcome.result.err);
  if (!output_.empty() && !outcome.result.out.empty()) output_ += '\n';
  output_ += noted(outcome.result.out);
}

void WaitingAttempt::wrote(io::Stream stream, std::string_view bytes) noexcept {
  if (is_cleaning_) return;
  if (logs_) write_to_log(stream, bytes);
  if (visit_.is_watched()) show(stream, bytes);
}

void WaitingAttempt::write_to_log(io::Stream stream, std::string_view bytes) noexcept {
  Logs::OfStream& of = logs_->of(stream);
  journal::LogError error;
  if (of.pending.empty()) {
    error = of.log.write(bytes);
    if (error.is_exhausted) of.pending = bytes;
  } else {
    of.pending += bytes;
    error = of.log.write(of.pending);
    if (!error.is_exhausted) of.pending.clear();
  }
  if (error && !error.is_exhausted) node_.control.fail("", error.message);
}

void WaitingAttempt::show(io::Stream stream, std::string_view bytes) noexcept {
  try {
    const bool is_data = stream == io::Stream::out && out_is_data_;
    if (!shown_) {
      shown_ = std::make_unique<AttemptOutput>(
          visit_.records().secrets(),
          node_.control.observer().tap(node_.planned.name, visit_.text_in_work(),
                                       visit_.attempts()));
    }
    shown_->wrote(stream, bytes, is_data);
    visit_.note_line(shown_->last_line());
  } catch (const std::exception&) {
    // No memory to show it: the log has it.
  }
}

void WaitingAttempt::run() noexcept {
  if (is_cleaning_ || is_closing_logs_) return conclude();
  visit_.run_timed([this] { wait_->waiter.resume(); });
}

void WaitingAttempt::finish(abi::End end, const Failure& failure) noexcept {
  end_ = end;
  if (end == abi::End::failed) failure_ = failure;
  const bool is_cut_off = end == abi::End::cancelled;
  if (is_cut_off && timed_out_) {
    end_ = abi::End::failed;
    command_ = visit_.records().masked(std::move(command_));  // before anything of it is cut
    failure_.error = command_.empty() ? "timed out" : '`' + shortened(command_) + "` timed out";
    failure_.error += " after " + format_duration(*node_.planned.timeout);
    failure_.command = command_;
    failure_.output = last_lines(output_, 20, 4000);
  }
  if (!is_cut_off || !has_begun_ || !begin_cleanup()) conclude();
}

/// Runs `on_cancel`. False: there is none, or it can't be.
bool WaitingAttempt::begin_cleanup() noexcept {
  if (node_.planned.on_cancel.empty()) return false;
  try {
    Command command;
    for (const Template& argument : node_.planned.on_cancel) {
      command.argv.push_back(argument.render(visit_.item()));
    }
    command.env.emplace_back("WEIR_ITEM_ID", visit_.record().key.text());
    io::ProcessTerms terms;
    terms.timeout = kCleanup;
    terms.cleans_up = true;
    is_cleaning_ = true;
    node_.control.reactor().start_process(*this, std::move(command), terms);
    return true;
  } catch (...) {
    is_cleaning_ = false;
    node_.control.observer().note(node_.planned.name, "on_cancel: " + abi::what_was_thrown());
    return false;
  }
}

/// False: there are no descriptors for them; it is tried again in a moment.
bool WaitingAttempt::close_logs() noexcept {
  for (Logs::OfStream* const of : {&logs_->out, &logs_->err}) {
    journal::LogError error;
    if (!of->pending.empty()) error = of->log.write(of->pending);
    if (!error) {
      of->pending.clear();
      error = of->log.close();
    }
    if (error.is_exhausted && log_tries_++ < kLogTries) {
      is_closing_logs_ = true;
      node_.control.reactor().start_timer(*this, kLogPause);
      return false;
    }
    if (error) node_.control.fail("", error.message);
  }
  logs_.reset();
  return true;
}

/// The attempt is over.
void WaitingAttempt::conclude() noexcept {
  if (!busy_) busy_ = busy_until(Time::now());
  if (logs_ && !close_logs()) return;
  const std::unique_ptr<WaitingAttempt> self(this);
  if (shown_) visit_.note_shown(shown_->close());
  const Time::duration busy = *busy_;
  measured_.held_back_ns = std::chrono::nanoseconds(held_back_).count();
  if (kept_ != nullptr) abi::Batch::release(std::exchange(kept_, nullptr));
  if (end_ != abi::End::done) {
    passed_on_.clear();
    if (visit_.holds_output()) outputs_.clear();
  }
  if (end_ == abi::End::failed &&
      visit_.will_be_retried(failure_, output_, busy, permit_, measured_)) {
    return;
  }
  for (Output& output : passed_on_) outputs_.push_back(std::move(output));
  passed_on_.clear();
  visit_.end(end_, end_ == abi::End::failed ? &failure_ : nullptr, busy, std::move(outputs_),
             permit_, measured_);
}

void BlockingAttempt::run() noexcept {
  using Time = ItemVisit::Time;
  Node& node = visit_.node();
  const Time::time_point began = Time::now();
  taken_ = visit_.batch()->storage;
  visit_.note_text();
  // Who may have to try again keeps the item.
  abi::BatchPtr batch = visit_.keeps_item() ? visit_.share_batch() : visit_.take_batch();
  node.instance->process(batch.release(), node.host, *this);
  const Time::duration busy = Time::now() - began;
  if (failure_) {
    outputs_.clear();
    if (visit_.will_be_retried(*failure_, {}, busy, permit_)) return;
  }
  visit_.end(failure_ ? abi::End::failed : abi::End::done, failure_ ? &*failure_ : nullptr, busy,
             std::move(outputs_), permit_);
}

void BlockingAttempt::emit(std::uint32_t port, abi::Batch* batch) noexcept {
  abi::BatchPtr output(batch);
  if (Ticket* const ticket = Ticket::of(*batch)) {
    ticket->charge(*batch, taken_, visit_.node().planned.type->expands);
  }
  if (visit_.holds_output()) {
    outputs_.push_back({port, std::move(output)});
  } else {
    visit_.node().emit(port, std::move(output), &permit_);
  }
}

void BlockingAttempt::fail(abi::Batch* batch, std::uint32_t /*index*/,
                           const Failure& failure) noexcept {
  failure_ = failure;
  batch->acquire();
  visit_.keep(abi::BatchPtr(batch));
}

}  // namespace weir::runtime
