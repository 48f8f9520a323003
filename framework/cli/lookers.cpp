#include "cli/lookers.hpp"

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <vector>

#include "io/local_server.hpp"
#include "io/web_server.hpp"
#include "journal/file.hpp"
#include "spec/names.hpp"
#include "view/observers.hpp"
#include "view/requests.hpp"
#include "view/web/live_page.hpp"
#include "view/web/metrics_file.hpp"

namespace weir::cli {
namespace {

constexpr const char* kTokenVariable = "WEIR_UI_TOKEN";

/// Answers those who ask how the run stands, or set its limits.
class Answering final : public view::RunControl {
 public:
  Answering(const journal::RunDirectory& directory, runtime::LiveRun& run)
      : id_(directory.id()),
        run_(run),
        server_(directory.socket(),
                [this](std::string_view request) { return view::answer(request, *this); }) {}

 private:
  runtime::Status status() override {
    runtime::Status status = run_.status();
    status.id = id_;
    return status;
  }
  std::string set_slots(const std::string& limit, std::int64_t slots) override {
    return run_.set_slots(limit, slots);
  }

  const std::string id_;
  runtime::LiveRun& run_;
  io::LocalServer server_;
};

/// A run that can't be asked is still a run.
std::shared_ptr<void> answering(const journal::RunDirectory& directory, runtime::LiveRun& run,
                                runtime::Observer& observer) {
  try {
    return std::make_shared<Answering>(directory, run);
  } catch (const std::runtime_error& error) {
    observer.note(
        "", std::string("warning: weir status and limit can't reach this run: ") + error.what());
    return nullptr;
  }
}

/// The first call takes it away.
const std::string& token_variable() {
  static const std::string taken = [] {
    const char* const variable = std::getenv(kTokenVariable);
    std::string token = variable == nullptr ? "" : variable;
    ::unsetenv(kTokenVariable);
    return token;
  }();
  return taken;
}

/// Where the user gave it; empty: nowhere, so it is a random one.
std::string token_source(const LookersOptions& options) {
  if (options.ui_token.starts_with('@')) return spec::quote(options.ui_token.substr(1));
  if (!options.ui_token.empty()) return "--ui-token";
  return options.token_variable.empty() ? "" : kTokenVariable;
}

/// What the user gave; empty: nothing.
std::string given_token(const LookersOptions& options) {
  const std::string& option = options.ui_token;
  if (option.starts_with('@')) {
    std::string text = journal::read_file(option.substr(1));
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (text.empty()) throw std::runtime_error("--ui-token: '" + option.substr(1) + "' is empty");
    return text;
  }
  return option.empty() ? options.token_variable : option;
}

io::WebServerOptions web_options(const LookersOptions& options) {
  io::WebServerOptions web;
  const std::optional<io::WebEndpoint> endpoint = io::parse_endpoint(options.ui_address);
  if (!endpoint) {
    throw std::runtime_error("--ui: " + spec::quote(options.ui_address) +
                             " is no PORT, nor ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080");
  }
  web.endpoint = *endpoint;
  web.token = given_token(options);
  if (web.token.empty()) {
    if (!io::is_loopback(web.endpoint.address)) {
      throw std::runtime_error(
          "--ui: " + web.endpoint.address +
          " can be reached from other machines, and nothing is encrypted: if that is what you "
          "want, choose a token yourself (--ui-token @FILE, or WEIR_UI_TOKEN); else use 127.0.0.1");
    }
    web.token = io::random_token();
  } else if (const std::string error = io::token_error(web.token); !error.empty()) {
    throw std::runtime_error((options.ui_token.empty() ? kTokenVariable : "--ui-token") +
                             (": " + error));
  }
  return web;
}

/// With a token only if nobody else knows it: what weir shows is kept in many a log.
std::string shown_address(const std::string& url, const std::string& token_source) {
  if (token_source.empty()) return url;
  return url.substr(0, url.find('?')) + " (with ?token= and the token of " + token_source + ")";
}

}  // namespace

void add_lookers_options(CLI::App& command, LookersOptions& options) {
  options.token_variable = token_variable();
  CLI::Option* ui = command
                        .add_option_function<std::string>(
                            "--ui",
                            [&options](const std::string& address) {
                              options.ui = true;
                              options.ui_address = address == "-" ? "" : address;
                            },
                            "Serves a live page of the run, for this machine alone unless ADDR "
                            "says otherwise; the address is shown on standard error")
                        ->type_name("[[ADDR:]PORT]")
                        ->expected(0, 1)
                        ->default_str("-");
  command
      .add_option("--ui-token", options.ui_token,
                  "What has to be known to look at the page, or @FILE with it, in place of a "
                  "random one")
      ->type_name("TOKEN")
      ->needs(ui);
  command
      .add_option("--metrics-file", options.metrics_file,
                  "Writes metrics for Prometheus every 10 s, and at the end")
      ->type_name("PATH");
}

Lookers::Lookers(const LookersOptions& options, const compile::Plan& plan)
    : token_source_(token_source(options)) {
  // First what changes nothing if the other one can't be had.
  if (options.ui) page_ = std::make_unique<view::LivePage>(plan, web_options(options));
  if (!options.metrics_file.empty()) {
    metrics_ = std::make_unique<view::MetricsFile>(
        options.metrics_file, plan.name,
        [this](const std::string& error) { shown_->note("", "warning: " + error); });
  }
}

Lookers::~Lookers() = default;

runtime::Observer& Lookers::show(const journal::RunDirectory* directory,
                                 runtime::Observer& observer) {
  directory_ = directory;
  shown_ = &observer;
  if (!page_) return observer;
  page_->show(directory);
  std::cerr << "weir: live page: " + shown_address(page_->url(), token_source_) << std::endl;
  observers_ = std::make_unique<view::Observers>(
      std::vector<runtime::Observer*>{&observer, &page_->observer()});
  return *observers_;
}

std::shared_ptr<void> Lookers::begin(runtime::LiveRun& run) {
  auto all = std::make_shared<std::vector<std::shared_ptr<void>>>();
  if (directory_ != nullptr) all->push_back(answering(*directory_, run, *shown_));
  if (page_) all->push_back(page_->begin(run));
  if (metrics_) all->push_back(metrics_->begin(run));
  return all;
}

void Lookers::end(const RunSummary& summary, int exit_code) {
  if (page_) page_->end(summary, exit_code);
}

std::unique_ptr<Lookers> open_lookers(const LookersOptions& options, const compile::Plan& plan) {
  try {
    return std::make_unique<Lookers>(options, plan);
  } catch (const std::runtime_error& error) {
    std::cerr << "weir: error: " << error.what() << "\n";
    return nullptr;
  }
}

}  // namespace weir::cli
