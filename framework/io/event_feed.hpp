#pragma once

/// Which of those who listen to a stream of events gets what, and when. Knows no sockets and no
/// clock: times are given.

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// There is one event, the newest. Everybody gets it once, at most as often as the interval says;
/// who is slow gets only what is the newest when he is ready.
class EventFeed {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Text = std::shared_ptr<const std::string>;

  struct Listener {
    std::uint64_t seen = 0;  ///< which event he got last
    bool is_busy = true;     ///< is being written to
    Time since{};            ///< when that began
    void* who = nullptr;
  };
  using Handle = std::list<Listener>::iterator;

  static constexpr std::chrono::milliseconds kShortest{250};
  static constexpr std::chrono::milliseconds kLongest{450};
  static constexpr std::chrono::seconds kKeepAlive{15};

  /// Somebody who is being written the newest event, in whatever form, and so is busy.
  Handle add(void* who, Time now);
  void remove(Handle listener) { listeners_.erase(listener); }
  /// Whether he, who is not busy, has not got the newest event.
  bool is_behind(Handle listener) const { return listener->seen != version_; }
  std::size_t size() const { return listeners_.size(); }

  void publish(Text text);
  const Text& text() const { return text_; }

  /// Between two events for the same listener. With many of them it is longer, so that they don't
  /// take time from the run: 500 get two in a second, and nobody is a second behind.
  std::chrono::milliseconds interval() const;
  /// When `take_due` has something to give, as things stand; nullopt: not before something changes.
  std::optional<Time> next() const;
  /// Those who are to be written the newest event now; they are busy then.
  std::vector<void*> take_due(Time now);
  /// Those who have got nothing for so long that they are to be written something, lest the
  /// connection be taken for dead; they are busy then.
  std::vector<void*> take_silent(Time now);
  /// All that are not busy; they are then.
  std::vector<void*> take_idle();

 private:
  std::list<Listener> listeners_;
  Text text_;
  std::uint64_t version_ = 0;
};

}  // namespace weir::io
