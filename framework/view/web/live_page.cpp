#include "view/web/live_page.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <thread>

#include "io/signals_blocked.hpp"
#include "io/thread.hpp"
#include "io/web_message.hpp"
#include "journal/time.hpp"
#include "view/graph/layout_of_graph.hpp"
#include "view/graph/model.hpp"
#include "view/held_back.hpp"
#include "view/web/event.hpp"
#include "view/web/log_tail.hpp"
#include "view/web/metrics.hpp"
#include "view/web/page.hpp"
#include "view/why.hpp"

namespace weir::view {
namespace {

using Shared = std::shared_ptr<const std::string>;

constexpr std::chrono::milliseconds kWatched{250};
constexpr std::chrono::milliseconds kUnwatched{1000};
constexpr double kSeriesStep = 0.25;  ///< at first
constexpr std::chrono::milliseconds kLastWords{1000};
/// Events have the failures for so long after one has come: not every listener gets every event.
constexpr std::chrono::seconds kTold{5};

Shared shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

io::WebResponse response(std::string_view type, Shared body) {
  io::WebResponse made;
  made.content_type = type;
  made.body = std::move(body);
  return made;
}

io::WebResponse not_found(std::string_view text) { return io::plain_response(404, text); }

nlohmann::ordered_json picture_of(const compile::Plan& plan) {
  const Graph graph = graph_of(plan);
  return layout_json(graph, layout_for_page(graph));
}

std::string parameter(const io::WebRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

/// Items may have numbers for their texts: what is a number is always an item's number.
std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number;
}

}  // namespace

struct LivePage::Impl final : io::WebSite {
  Impl(const compile::Plan& plan, const io::WebServerOptions& options)
      : graph(picture_of(plan)), server(*this, options) {
    const std::lock_guard lock(mutex);
    status.pipeline = plan.name;
    started = journal::iso_time(journal::now_ns());
    const io::SignalsBlocked blocked;
    thread = io::start_thread([this] { keep_up(); });
  }
  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      is_over = true;
    }
    changed.notify_all();
    thread.join();
  }

  io::WebResponse get(const io::WebRequest& request) override;
  std::string events_path() const override { return "/events"; }
  Shared first_event() override;

  /// Looks at the run, if it is there and what was seen last is that old. With the mutex.
  void look(std::chrono::milliseconds most_age = {});
  std::string json(bool is_first) const;
  void keep_up();
  io::WebResponse log(const io::WebRequest& request);  ///< without the mutex

  const nlohmann::ordered_json graph;
  const Shared html = shared(std::string(page_html()));
  const Shared js = shared(std::string(page_js()));
  const Shared css = shared(std::string(page_css()));
  RecentFailures failures;
  std::mutex mutex;
  std::condition_variable changed;
  // With the mutex.
  const journal::RunDirectory* directory = nullptr;
  runtime::LiveRun* run = nullptr;
  runtime::Status status;  ///< as it was looked at last
  std::string started;
  std::chrono::steady_clock::time_point looked{};
  Series series{kSeriesStep};
  NodeRates rates;
  HeldBack held_back;
  std::int64_t failures_total = 0;                 ///< as it was looked at last
  std::chrono::steady_clock::time_point failed{};  ///< when it was seen to have grown
  std::optional<std::string> outcome;
  std::optional<int> exit_code;
  Shared whole;  ///< what streams that begin now get
  bool is_over = false;
  bool is_wanted = false;  ///< a stream has been opened
  // These use what stands above.
  io::WebServer server;
  std::thread thread;
};

void LivePage::Impl::look(std::chrono::milliseconds most_age) {
  const auto now = std::chrono::steady_clock::now();
  if (run == nullptr || now - looked < most_age) return;
  looked = now;
  const std::string id = status.id;
  status = run->status();
  status.id = id;
  series.add(status);
  held_back.note(status, findings(status));
  rates.note(status);
  if (failures_total != failures.total()) {
    failures_total = failures.total();
    failed = now;
  }
  whole.reset();
}

std::string LivePage::Impl::json(bool is_first) const {
  EventExtras extras;
  extras.started = started;
  extras.outcome = outcome;
  extras.exit_code = exit_code;
  extras.series = &series;
  extras.rates = &rates;
  extras.held_back = &held_back;
  extras.failures_total = failures_total;
  if (is_first || outcome || looked - failed < kTold) extras.failures = &failures;
  extras.graph = is_first ? &graph : nullptr;
  return event_json(status, extras);
}

Shared LivePage::Impl::first_event() {
  const std::lock_guard lock(mutex);
  look(kWatched / 2);  // many may come at once
  if (!whole) whole = shared(json(true));
  is_wanted = true;
  changed.notify_all();
  return whole;
}

/// On its own thread: once a second for the history, or as often as somebody wants to see it.
void LivePage::Impl::keep_up() {
  ::pthread_setname_np(::pthread_self(), "weir-web-page");
  std::unique_lock lock(mutex);
  while (!is_over) {
    const bool is_watched = server.streams() != 0 || is_wanted;
    is_wanted = false;
    look();
    if (is_watched && run != nullptr) {
      const Shared text = shared(json(false));
      lock.unlock();
      server.publish(text);
      lock.lock();
    }
    changed.wait_for(lock, is_watched ? kWatched : kUnwatched,
                     [&] { return is_over || (!is_watched && is_wanted); });
  }
}

io::WebResponse LivePage::Impl::get(const io::WebRequest& request) {
  if (request.path == "/") return response("text/html; charset=utf-8", html);
  if (request.path == "/page.js") return response("text/javascript; charset=utf-8", js);
  if (request.path == "/page.css") return response("text/css; charset=utf-8", css);
  if (request.path == "/log") return log(request);
  const std::lock_guard lock(mutex);
  if (request.path == "/data") {
    look();
    if (!whole) whole = shared(json(true));
    return response("application/json", whole);
  }
  if (request.path == "/metrics") {
    look();
    return response("text/plain; version=0.0.4; charset=utf-8",
                    shared(metrics_text(status, process_use())));
  }
  return not_found("There is no such page.");
}

/// Of a node of the run only, and by number: nothing of the request becomes part of a path as it
/// is. Reads files, so without the mutex.
io::WebResponse LivePage::Impl::log(const io::WebRequest& request) {
  const std::string node = parameter(request, "node");
  const std::string item = parameter(request, "item");
  std::optional<std::int64_t> number = number_in(item);
  if (!number) number = failures.number_of(node, item);
  const journal::RunDirectory* run_directory = nullptr;
  bool is_there = false;
  {
    const std::lock_guard lock(mutex);
    run_directory = directory;
    if (directory == nullptr) return not_found("This run keeps no logs.");
    const auto known = std::find_if(status.nodes.begin(), status.nodes.end(),
                                    [&](const auto& one) { return one.name == node; });
    if (known == status.nodes.end()) return not_found("There is no such node.");
    if (!number) return not_found("There is no such item here: give its number.");
    is_there = std::any_of(known->items.begin(), known->items.end(),
                           [&](const auto& one) { return one.number == *number; });
  }
  std::string text = log_tail(*run_directory, node, *number);
  // One that has written nothing is an item all the same.
  if (text.empty() && !is_there && !has_item(*run_directory, node, *number)) {
    return not_found("No item with this number has begun there.");
  }
  return response("text/plain; charset=utf-8", shared(std::move(text)));
}

LivePage::LivePage(const compile::Plan& plan, const io::WebServerOptions& options)
    : impl_(std::make_unique<Impl>(plan, options)) {}
LivePage::~LivePage() = default;

std::string LivePage::url() const { return impl_->server.url(); }

void LivePage::show(const journal::RunDirectory* directory) {
  const std::lock_guard lock(impl_->mutex);
  impl_->directory = directory;
  impl_->status.id = directory == nullptr ? "" : directory->id();
  impl_->whole.reset();
}

runtime::Observer& LivePage::observer() { return impl_->failures; }

std::shared_ptr<void> LivePage::begin(runtime::LiveRun& run) {
  const std::lock_guard lock(impl_->mutex);
  impl_->run = &run;
  impl_->look();
  return {impl_.get(), [](Impl* impl) {
            const std::lock_guard last(impl->mutex);
            impl->look();
            impl->run = nullptr;
          }};
}

void LivePage::end(const RunSummary& summary, int exit_code) {
  Shared text;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->outcome = std::string(runtime::to_string(summary.outcome));
    impl_->exit_code = exit_code;
    impl_->status.seconds = summary.seconds;
    impl_->whole.reset();
    text = shared(impl_->json(false));
  }
  impl_->server.end(text, kLastWords);
}

}  // namespace weir::view
