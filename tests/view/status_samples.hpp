#pragma once

/// Statuses for the tests of what is made of them.

#include <string>
#include <utility>
#include <vector>

#include "runtime/status.hpp"

namespace weir::view::test {

using runtime::ItemStatus;
using runtime::LimitState;
using runtime::LimitStatus;
using runtime::NodeStatus;
using runtime::SourceStatus;
using runtime::Status;

inline NodeStatus node(const std::string& name, const std::string& kind, const std::string& type,
                       const std::string& work, std::vector<std::string> reads) {
  NodeStatus node;
  node.name = name;
  node.kind = kind;
  node.type = type;
  node.work = work;
  node.reads = std::move(reads);
  return node;
}

/// A function that runs a command.
inline NodeStatus runs(const std::string& name, std::vector<std::string> reads) {
  return node(name, "function", "run", "waits", std::move(reads));
}

inline LimitStatus slots(const std::string& name, std::int64_t count, LimitState state) {
  LimitStatus limit;
  limit.name = name;
  limit.slots = count;
  limit.states = {std::move(state)};
  return limit;
}

/// Three pushes of a named limit; 41 wait.
inline LimitState three_taken() {
  LimitState state;
  state.taken = state.running = 3;
  state.waiting = 41;
  state.holders = {{"push", "nginx", 31}, {"push", "redis", 20.1}, {"push", "base", 3}};
  state.waiters = {{"push", 41}};
  return state;
}

/// images -> build (unlimited, 20 running) -> built (a queue) -> push (limit registry: 3 slots).
inline Status images() {
  Status status;
  status.pipeline = "images";
  status.id = "20261125-015240-images";
  status.seconds = 192;
  status.threads = 2;
  NodeStatus source = node("images", "source", "lines", "computes", {});
  source.in = source.done = 100;
  NodeStatus build = runs("build", {"images"});
  build.in = 100;
  build.done = 78;
  build.failed = 2;
  build.running = 20;
  build.items = {{"tools", "ab12", 7, 185, 1, ""}, {"base", "cd34", 80, 2.5, 3, ""}};
  NodeStatus built = node("built", "queue", "fifo", "", {"build"});
  built.in = 78;
  built.done = 37;
  built.waiting = 41;
  NodeStatus push = runs("push", {"built"});
  push.limits = {"registry"};
  push.in = 78;
  push.done = 34;
  push.running = 3;
  push.queued = 41;
  push.items = {{"nginx", "ef56", 35, 31, 1, ""}};
  status.nodes = {source, build, built, push};
  status.sources = {{"images", true, false, 64, 640, 65536, 16 << 20}};
  status.limits = {slots("registry", 3, three_taken())};
  return status;
}

/// A node of it.
inline NodeStatus& at(Status& status, const std::string& name) {
  for (NodeStatus& node : status.nodes) {
    if (node.name == name) return node;
  }
  throw std::out_of_range(name);
}

}  // namespace weir::view::test
