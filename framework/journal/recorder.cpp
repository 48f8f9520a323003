#include "journal/recorder.hpp"

#include "journal/error.hpp"
#include "journal/schema.hpp"

namespace weir::journal {
namespace {

/// In the table `meta`: how far the tables have what happened.
constexpr std::string_view kLastEvent = "last_event";

std::optional<std::string> text_of(const std::optional<Key>& key) {
  if (!key) return std::nullopt;
  return key->text();
}

std::optional<std::string_view> or_null(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace

Recorder::Recorder(const std::filesystem::path& file)
    : database_(open_to_write(file)),
      begin_(database_, "BEGIN IMMEDIATE"),
      commit_(database_, "COMMIT"),
      insert_item_(database_,
                   "INSERT INTO items(node, key, seq, parent, item, config, state, attempts, "
                   "arrived_ns, started_ns, waited_ns) "
                   "VALUES(?1, ?2, ?3, ?4, ?5, ?6, 'running', 1, ?7, ?8, ?9) "
                   "ON CONFLICT DO NOTHING"),
      find_item_(database_, "SELECT rowid, attempts FROM items WHERE node = ?1 AND key = ?2"),
      restart_item_(database_,
                    "UPDATE items SET seq = ?2, parent = ?3, item = ?4, config = ?5, "
                    "state = 'running', attempts = ?6, arrived_ns = ?7, started_ns = ?8, "
                    "waited_ns = waited_ns + ?9, ended_ns = NULL, status = NULL, error = NULL, "
                    "output = NULL WHERE rowid = ?1"),
      insert_attempt_(database_,
                      "INSERT INTO attempts(node, key, attempt, queued_ns, started_ns, "
                      "state, admitted_ns, held_by, held_for, needs) "
                      "VALUES(?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7, ?8, ?9)"),
      insert_ended_item_(
          database_,
          "INSERT INTO items(node, key, seq, parent, item, config, state, attempts, arrived_ns, "
          "started_ns, waited_ns, ended_ns, status, error, output) "
          "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
          "ON CONFLICT DO NOTHING"),
      insert_ended_attempt_(
          database_,
          "INSERT INTO attempts(node, key, attempt, queued_ns, started_ns, state, admitted_ns, "
          "held_by, held_for, needs, ended_ns, status, error, cpu_ns) "
          "VALUES(?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      end_item_(database_,
                "UPDATE items SET state = ?2, ended_ns = ?3, status = ?4, error = ?5, output = ?6, "
                "started_ns = started_ns + ?7, waited_ns = waited_ns + ?7 WHERE rowid = ?1"),
      end_attempt_(database_,
                   "UPDATE attempts SET state = ?2, ended_ns = ?3, status = ?4, error = ?5, "
                   "cpu_ns = ?6, started_ns = started_ns + ?7 WHERE rowid = ?1"),
      end_waiting_item_(database_, "UPDATE items SET state = ?2, ended_ns = ?3 WHERE rowid = ?1"),
      insert_gone_(database_, "INSERT OR IGNORE INTO gone(node, key) VALUES(?1, ?2)"),
      delete_gone_(database_, "DELETE FROM gone WHERE node = ?1 AND key = ?2"),
      set_meta_(database_, "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)"),
      insert_sample_(database_,
                     "INSERT OR REPLACE INTO samples(tick, at_ns, nodes, idle_permille) "
                     "VALUES(?1, ?2, ?3, ?4)"),
      insert_batches_(database_, "INSERT OR REPLACE INTO batches(tick, spans) VALUES(?1, ?2)"),
      thin_samples_(database_, "DELETE FROM samples WHERE tick % ?1 <> 0"),
      thin_batches_(database_, "DELETE FROM batches WHERE tick % ?1 <> 0") {}

void Recorder::begin() { begin_.with().run(); }

void Recorder::commit() {
  set_meta_.with(kLastEvent, std::to_string(last_event_)).run();
  commit_.with().run();
}

std::uint64_t Recorder::last_event() {
  Statement find(database_, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1");
  if (find.with(kLastEvent).next()) last_event_ = static_cast<std::uint64_t>(find.integer(0));
  return last_event_;
}

void Recorder::roll_back() noexcept {
  try {
    database_.execute("ROLLBACK");
  } catch (const Error&) {
    // SQLite has done so itself after some errors, and says that there is nothing to roll back.
  }
  current_.clear();
}

void Recorder::record(const Started& event) {
  const std::string key = event.key.text();
  Current current = enter(event, key);
  insert_attempt_
      .with(event.node, key, current.attempt, event.queued_ns, event.started_ns, event.admitted_ns,
            or_null(event.held_by), or_null(event.held_for), or_null(event.needs))
      .run();
  current.attempt_row_id = database_.last_row_id();
  current_[event.node][event.key] = current;
}

Recorder::Current Recorder::enter(const Started& event, std::string_view key) {
  const std::optional<std::string> parent = text_of(event.parent);
  const std::int64_t waited = event.started_ns - event.queued_ns;
  insert_item_
      .with(event.node, key, event.seq, parent, event.item, event.config, event.arrived_ns,
            event.started_ns, waited)
      .run();
  if (database_.changes() != 0) return {database_.last_row_id(), 1, 0};
  Current current;
  if (const Current* known = find_current(event.node, event.key)) {
    current = *known;
  } else if (find_item_.with(event.node, key).next()) {
    current = {find_item_.integer(0), find_item_.integer(1), 0};
    find_item_.run();  // what is left open keeps the log from being written back into the database
  }
  ++current.attempt;
  current.is_backing_off = false;
  restart_item_
      .with(current.row_id, event.seq, parent, event.item, event.config, current.attempt,
            event.arrived_ns, event.started_ns, waited)
      .run();
  return current;
}

Recorder::Current* Recorder::find_current(const std::string& node, const Key& key) {
  const auto of_node = current_.find(node);
  if (of_node == current_.end()) return nullptr;
  const auto found = of_node->second.find(key);
  return found == of_node->second.end() ? nullptr : &found->second;
}

void Recorder::record(const Started& begin, const Ended& end) {
  const bool is_first = end.state != State::backing_off && insert_whole(begin, end);
  if (is_first) return;
  record(begin);
  record(end);
}

/// False: the item has begun before.
bool Recorder::insert_whole(const Started& begin, const Ended& end) {
  const std::string key = begin.key.text();
  const std::string_view state = to_string(end.state);
  const std::optional<std::string> parent = text_of(begin.parent);
  const std::optional<std::string_view> error = or_null(end.error);
  const std::optional<std::int64_t> status = end.status;
  const std::int64_t started_ns = begin.started_ns + end.held_back_ns;
  std::optional<Blob> output;
  if (end.output) output = Blob{*end.output};
  insert_ended_item_
      .with(begin.node, key, begin.seq, parent, begin.item, begin.config, state, begin.arrived_ns,
            started_ns, started_ns - begin.queued_ns, end.ended_ns, status, error, output)
      .run();
  if (database_.changes() == 0) return false;
  insert_ended_attempt_
      .with(begin.node, key, begin.queued_ns, started_ns, state, begin.admitted_ns,
            or_null(begin.held_by), or_null(begin.held_for), or_null(begin.needs), end.ended_ns,
            status, error, end.cpu_ns)
      .run();
  return true;
}

void Recorder::record(const Ended& event) {
  Current* const current = find_current(event.node, event.key);
  if (current == nullptr) return;
  if (current->is_backing_off) {  // how its last attempt failed stays
    end_waiting_item_.with(current->row_id, to_string(event.state), event.ended_ns).run();
    current_[event.node].erase(event.key);
    return;
  }
  const std::optional<std::string_view> error = or_null(event.error);
  const std::optional<std::int64_t> status = event.status;
  std::optional<Blob> output;
  if (event.output) output = Blob{*event.output};
  end_item_
      .with(current->row_id, to_string(event.state), event.ended_ns, status, error, output,
            event.held_back_ns)
      .run();
  const State of_attempt = event.state == State::backing_off ? State::failed : event.state;
  end_attempt_
      .with(current->attempt_row_id, to_string(of_attempt), event.ended_ns, status, error,
            event.cpu_ns, event.held_back_ns)
      .run();
  current->is_backing_off = event.state == State::backing_off;
  if (!current->is_backing_off) current_[event.node].erase(event.key);
}

void Recorder::take_up_what_runs() {
  Statement running(database_,
                    "SELECT items.node, items.key, items.rowid, attempt, attempts.rowid "
                    "FROM attempts JOIN items USING(node, key) "
                    "WHERE attempts.state = 'running' AND attempt = items.attempts");
  while (running.next()) {
    const std::optional<Key> key = Key::parse(running.text(1));
    if (!key) continue;
    current_[std::string(running.text(0))][*key] = {running.integer(2), running.integer(3),
                                                    running.integer(4)};
  }
}

void Recorder::record(const Presence& event) {
  const std::string key = event.key.text();
  (event.is_gone ? insert_gone_ : delete_gone_).with(event.node, key).run();
}

void Recorder::record(const Begun& event) {
  database_.execute("DELETE FROM meta; DELETE FROM samples; DELETE FROM batches");
  database_.execute(
      "UPDATE items SET state = 'cancelled' WHERE state IN ('running', 'backing_off');"
      "UPDATE attempts SET state = 'cancelled' WHERE state = 'running'");
  keep_of_ = 1;
  if (!event.graph.empty()) set_meta_.with("graph", event.graph).run();
  set_meta_.with("run", event.run).run();
}

void Recorder::record(const RunChanged& event) { set_meta_.with("run", event.run).run(); }

void Recorder::record(const Sampled& event) {
  if (event.keep_of > keep_of_) {
    keep_of_ = event.keep_of;
    thin_samples_.with(keep_of_).run();
    thin_batches_.with(keep_of_).run();
  }
  insert_sample_.with(event.tick, event.at_ns, event.nodes, event.idle_permille).run();
  if (!event.batches.empty()) insert_batches_.with(event.tick, event.batches).run();
}

}  // namespace weir::journal
