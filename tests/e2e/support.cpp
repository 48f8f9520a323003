#include "support.hpp"

#include <fstream>
#include <sstream>
#include <unistd.h>

namespace weir::e2e {

std::string pipeline(const std::string& nodes) {
  std::string text = "weir: 1\nnodes:\n";
  for (const std::string& line : lines_of(nodes)) text += "  " + line + "\n";
  return text;
}

Start EndToEnd::in_folder(Start start) const {
  if (start.folder.empty()) start.folder = folder.path();
  return start;
}

Ended EndToEnd::weir(Start start) { return Process(WEIR_BINARY, in_folder(start)).wait(); }

std::unique_ptr<Process> EndToEnd::begin(const std::string& nodes, Start start) {
  folder.write("test.yaml", pipeline(nodes));
  const Strings command = {"run", "test.yaml"};
  start.arguments.insert(start.arguments.begin(), command.begin(), command.end());
  return std::make_unique<Process>(WEIR_BINARY, in_folder(start));
}

Ended EndToEnd::run(const std::string& nodes, Start start) { return begin(nodes, start)->wait(); }

Ended EndToEnd::run_in_shell(const std::string& redirection, const std::string& nodes) {
  folder.write("test.yaml", pipeline(nodes));
  const std::string script = "exec \"$0\" run test.yaml " + redirection;
  return Process("/bin/sh", in_folder({.arguments = {"-c", script, WEIR_BINARY}})).wait();
}

Json EndToEnd::summary() const {
  const Json summary = Json::parse(folder.read("summary.json"));
  for (const auto& [name, node] : summary.at("nodes").items()) {
    EXPECT_EQ(node.at("in").get<std::int64_t>(), node.at("done").get<std::int64_t>() +
                                                     node.at("failed").get<std::int64_t>() +
                                                     node.at("cancelled").get<std::int64_t>())
        << name;
  }
  return summary;
}

Mark::Mark() {
  static int count = 0;
  value_ = std::to_string(getpid()) + "." + std::to_string(++count);
}

Strings Mark::bearers() const {
  const std::string entry = "WEIR_TEST_MARK=" + value_;
  Strings found;
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    if (process.path().filename().string().find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    std::ifstream environment(process.path() / "environ", std::ios::binary);
    for (std::string variable; std::getline(environment, variable, '\0');) {
      if (variable != entry) continue;
      std::ifstream file(process.path() / "cmdline", std::ios::binary);
      std::ostringstream command;
      command << file.rdbuf();
      found.push_back(process.path().filename().string() + " " + command.str());
    }
  }
  return found;
}

}  // namespace weir::e2e
