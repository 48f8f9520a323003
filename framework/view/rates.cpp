#include "view/rates.hpp"

#include "view/node_counts.hpp"

namespace weir::view {
namespace {

constexpr double kWindow = 60;
constexpr double kSamplePause = 2;  // between two samples
/// So few in the window say nothing.
constexpr std::int64_t kFewSampled = 3;

}  // namespace

void NodeRates::note(const runtime::Status& status) {
  const double seconds = status.seconds;
  if (!now_.ended.empty() &&
      (past_.empty() || now_.seconds - past_.back().seconds >= kSamplePause)) {
    past_.push_back(now_);
  }
  while (past_.size() > 1 && seconds - past_[1].seconds >= kWindow) past_.pop_front();
  began_.resize(status.nodes.size());
  now_.seconds = seconds;
  now_.ended.resize(status.nodes.size());
  for (std::size_t i = 0; i < status.nodes.size(); ++i) {
    now_.ended[i] = ended(status.nodes[i]) - status.nodes[i].cancelled;
    if (!began_[i] && status.nodes[i].in > 0) began_[i] = {seconds, now_.ended[i]};
  }
}

std::optional<double> NodeRates::of(std::size_t node) const {
  if (node >= now_.ended.size() || now_.ended[node] == 0 || !began_[node]) return std::nullopt;
  // What lies before its first item says nothing of how fast it is.
  if (!past_.empty() && past_.front().seconds > began_[node]->seconds) {
    const std::int64_t items = now_.ended[node] - past_.front().ended[node];
    const double time = now_.seconds - past_.front().seconds;
    if (items >= kFewSampled && time >= kSamplePause) return static_cast<double>(items) / time;
  }
  const double time = now_.seconds - began_[node]->seconds;
  const std::int64_t items = now_.ended[node] - began_[node]->ended;
  if (time < 1 || items <= 0) return std::nullopt;
  return static_cast<double>(items) / time;
}

}  // namespace weir::view
