#include "io/event_feed.hpp"

#include <algorithm>

namespace weir::io {

EventFeed::Handle EventFeed::add(void* who, Time now) {
  return listeners_.insert(listeners_.end(), {version_, true, now, who});
}

void EventFeed::publish(Text text) {
  text_ = std::move(text);
  ++version_;
}

std::chrono::milliseconds EventFeed::interval() const {
  const std::chrono::milliseconds wanted{2 * static_cast<std::int64_t>(listeners_.size())};
  return std::clamp(wanted, kShortest, kLongest);
}

std::optional<EventFeed::Time> EventFeed::next() const {
  std::optional<Time> next;
  for (const Listener& listener : listeners_) {
    if (listener.is_busy || listener.seen == version_) continue;
    const Time time = listener.since + interval();
    if (!next || time < *next) next = time;
  }
  return next;
}

std::vector<void*> EventFeed::take_due(Time now) {
  std::vector<void*> due;
  for (Listener& listener : listeners_) {
    if (listener.is_busy || listener.seen == version_ || now < listener.since + interval())
      continue;
    listener.seen = version_;
    listener.is_busy = true;
    listener.since = now;
    due.push_back(listener.who);
  }
  return due;
}

std::vector<void*> EventFeed::take_silent(Time now) {
  std::vector<void*> silent;
  for (Listener& listener : listeners_) {
    if (listener.is_busy || now < listener.since + kKeepAlive) continue;
    listener.is_busy = true;
    listener.since = now;
    silent.push_back(listener.who);
  }
  return silent;
}

std::vector<void*> EventFeed::take_idle() {
  std::vector<void*> idle;
  for (Listener& listener : listeners_) {
    if (listener.is_busy) continue;
    listener.is_busy = true;
    idle.push_back(listener.who);
  }
  return idle;
}

}  // namespace weir::io
