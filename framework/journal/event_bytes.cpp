#include "journal/event_bytes.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace weir::journal {
namespace {

enum class Kind : std::uint8_t { started = 'S', ended = 'E' };

/// Appends what it is given.
class Writer {
 public:
  explicit Writer(std::string& to) : to_(to) {}

  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  bool operator()(const T& value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    to_.append(bytes, sizeof value);
    return true;
  }
  bool operator()(const std::string& text) {
    (*this)(static_cast<std::uint64_t>(text.size()));
    to_ += text;
    return true;
  }
  bool operator()(const Key& key) { return (*this)(key.high) && (*this)(key.low); }
  template <class T>
  bool operator()(const std::optional<T>& value) {
    return (*this)(value.has_value()) && (!value || (*this)(*value));
  }

 private:
  std::string& to_;
};

/// Fills what it is given. False: there is not as much.
class Reader {
 public:
  explicit Reader(std::string_view from) : from_(from) {}

  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  bool operator()(T& value) {
    if (from_.size() < sizeof value) return false;
    std::memcpy(&value, from_.data(), sizeof value);
    from_.remove_prefix(sizeof value);
    return true;
  }
  bool operator()(std::string& text) {
    std::uint64_t size = 0;
    if (!(*this)(size) || from_.size() < size) return false;
    text = from_.substr(0, size);
    from_.remove_prefix(size);
    return true;
  }
  bool operator()(Key& key) { return (*this)(key.high) && (*this)(key.low); }
  template <class T>
  bool operator()(std::optional<T>& value) {
    bool is_there = false;
    if (!(*this)(is_there)) return false;
    return !is_there || (*this)(value.emplace());
  }

  bool is_at_end() const { return from_.empty(); }

 private:
  std::string_view from_;
};

/// Takes all members through `with`, one way or the other.
template <class With, class Event>
requires std::is_same_v<std::remove_const_t<Event>, Started>
bool all_of(With& with, Event& event) {
  return with(event.node) && with(event.key) && with(event.seq) && with(event.parent) &&
         with(event.item) && with(event.config) && with(event.arrived_ns) &&
         with(event.queued_ns) && with(event.admitted_ns) && with(event.started_ns) &&
         with(event.held_by) && with(event.held_for) && with(event.needs);
}
template <class With, class Event>
requires std::is_same_v<std::remove_const_t<Event>, Ended>
bool all_of(With& with, Event& event) {
  return with(event.node) && with(event.key) && with(event.state) && with(event.ended_ns) &&
         with(event.status) && with(event.cpu_ns) && with(event.held_back_ns) &&
         with(event.error) && with(event.output);
}

template <class Event>
std::optional<std::variant<Started, Ended>> read_as(Reader& reader) {
  Event event;
  if (!all_of(reader, event) || !reader.is_at_end()) return std::nullopt;
  return event;
}

}  // namespace

void append_bytes(std::string& to, const Started& event) {
  Writer writer(to);
  writer(Kind::started);
  all_of(writer, event);
}

void append_bytes(std::string& to, const Ended& event) {
  Writer writer(to);
  writer(Kind::ended);
  all_of(writer, event);
}

std::optional<std::variant<Started, Ended>> event_of(std::string_view bytes) {
  Reader reader(bytes);
  Kind kind{};
  if (!reader(kind)) return std::nullopt;
  if (kind == Kind::started) return read_as<Started>(reader);
  if (kind == Kind::ended) return read_as<Ended>(reader);
  return std::nullopt;
}

}  // namespace weir::journal
