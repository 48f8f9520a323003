#include "view/record/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "view/record/lanes.hpp"
#include "view/text.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostSpans = 20'000;
constexpr std::int64_t kPixels = 4'000;
constexpr std::size_t kMostLanes = 64;  // of a node
constexpr std::size_t kMostLanesInAll = 2'000;
constexpr std::size_t kLongestItemText = 80;

/// The worst last: of several that are drawn as one, that is what is seen. page_timeline.js has the
/// same words.
enum class Kind : std::uint8_t { done, running, cancelled, failed };

const char* to_string(Kind kind) {
  switch (kind) {
    case Kind::done:
      return "done";
    case Kind::running:
      return "running";
    case Kind::cancelled:
      return "cancelled";
    case Kind::failed:
      break;
  }
  return "failed";
}

Kind kind_of(const Recording& recording, const LaneSpan& span) {
  const Recording::Attempt& attempt = recording.items[span.item].attempts[span.attempt];
  if (attempt.cut_off) return Kind::running;
  if (attempt.state == journal::State::done) return Kind::done;
  return attempt.state == journal::State::cancelled ? Kind::cancelled : Kind::failed;
}

/// One or several that are too short to be told apart.
struct Drawn {
  Recording::Time begin = 0;
  Recording::Time end = 0;
  std::size_t item = 0;
  Kind kind = Kind::done;
  std::int64_t attempts = 1;
  std::int64_t of_kind = 1;
};

void take_in(Drawn& last, const LaneSpan& span, Kind kind) {
  last.end = std::max(last.end, span.end);
  ++last.attempts;
  if (kind > last.kind) last.of_kind = 0;
  last.kind = std::max(kind, last.kind);
  if (kind == last.kind) ++last.of_kind;
}

/// Merges neighbours of which one is shorter than a pixel, where less than one lies between them:
/// those of a kind however long they get, others only within a pixel. So a failure is seen wherever
/// there is one, and nowhere else.
std::vector<Drawn> merged(const Recording& recording, const Lane& lane, Recording::Time pixel) {
  std::vector<Drawn> drawn;
  for (const LaneSpan& span : lane) {
    const Kind kind = kind_of(recording, span);
    if (!drawn.empty()) {
      Drawn& last = drawn.back();
      const bool is_short = span.end - span.begin < pixel || last.end - last.begin < pixel;
      const bool is_alike = kind == last.kind || span.end - last.begin < pixel;
      if (is_short && is_alike && span.begin - last.end < pixel) {
        take_in(last, span, kind);
        continue;
      }
    }
    drawn.push_back({span.begin, span.end, span.item, kind});
  }
  return drawn;
}

struct DrawnLane {
  std::size_t node = 0;
  std::size_t slot = 0;
  std::vector<Drawn> spans;
};

double milliseconds(Recording::Time time) {
  return std::round(static_cast<double>(time) / 1e4) / 1e2;  // to 10 µs
}

Json json_of(const Recording& recording, const std::vector<DrawnLane>& lanes) {
  Json json = {{"lanes", Json::array()}, {"items", Json::array()}};
  std::unordered_map<std::size_t, std::size_t> numbers;
  const auto number_of = [&](const Drawn& span) -> std::int64_t {
    if (span.attempts > 1) return -1;
    const auto [at, is_new] = numbers.try_emplace(span.item, numbers.size());
    if (is_new)
      json["items"].push_back(one_line(recording.items[span.item].text, kLongestItemText));
    return static_cast<std::int64_t>(at->second);
  };
  for (const DrawnLane& lane : lanes) {
    Json spans = Json::array();
    for (const Drawn& span : lane.spans) {
      Json one = Json::array({milliseconds(span.begin), milliseconds(span.end - span.begin),
                              number_of(span), to_string(span.kind)});
      if (span.attempts > 1) {
        one.push_back(span.attempts);
        one.push_back(span.of_kind);
      }
      spans.push_back(std::move(one));
    }
    json["lanes"].push_back({{"node", recording.graph.nodes[lane.node].name},
                             {"slot", lane.slot},
                             {"spans", std::move(spans)}});
  }
  return json;
}

}  // namespace

Json timeline_json(const Recording& recording) {
  const auto all = lanes_of(recording);
  std::size_t hidden = 0;
  std::size_t shown = 0;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t node = 0; node < all.size(); ++node) {
    for (std::size_t slot = 0; slot < all[node].size(); ++slot) {
      const bool fits = slot < kMostLanes && shown < kMostLanesInAll;
      (fits ? shown : hidden) += 1;
      if (fits) places.emplace_back(node, slot);
    }
  }
  Recording::Time pixel = std::max<Recording::Time>(1, recording.last / kPixels);
  for (;; pixel *= 2) {
    std::vector<DrawnLane> lanes;
    std::size_t spans = 0;
    for (const auto& [node, slot] : places) {
      lanes.push_back({node, slot, merged(recording, all[node][slot], pixel)});
      spans += lanes.back().spans.size();
    }
    if (spans > kMostSpans && pixel < recording.last) continue;
    Json json = json_of(recording, lanes);
    json["hidden_lanes"] = hidden;
    return json;
  }
}

}  // namespace weir::view
