#include "journal/run_info.hpp"

#include <fmt/format.h>

#include "journal/error.hpp"
#include "journal/time.hpp"

namespace weir::journal {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;  // of this format

}  // namespace

std::string to_json(const RunInfo& info) {
  Json json = Json::object();
  json["weir"] = kVersion;
  json["id"] = info.id;
  json["pipeline"] = info.pipeline;
  json["file"] = info.file.string();
  json["given"] = info.given;
  json["folder"] = info.folder.string();
  json["started"] = iso_time(info.started_ns);
  json["process"] = info.process;
  json["version"] = info.weir;
  json["settings"] = Json::array();
  for (const auto& [name, value] : info.settings) json["settings"].push_back({name, value});
  json["plugins"] = info.plugins;
  json["options"] = info.options;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

RunInfo parse_run_info(const std::string& text, const std::filesystem::path& file) {
  const auto damaged = [&](const std::string& why) {
    return Error(fmt::format("'{}' is damaged: {}", file.string(), why));
  };
  try {
    const Json json = Json::parse(text);
    if (const int version = json.at("weir").get<int>(); version > kVersion) {
      throw Error(
          fmt::format("'{}' was written by a newer weir: it has version {}, this weir knows "
                      "it up to {}; use that one",
                      file.string(), version, kVersion));
    }
    RunInfo info;
    info.id = json.at("id").get<std::string>();
    info.pipeline = json.at("pipeline").get<std::string>();
    info.file = json.at("file").get<std::string>();
    info.given = json.value("given", info.file.string());  // an older weir doesn't write it
    info.folder = json.at("folder").get<std::string>();
    info.process = json.at("process").get<int>();
    info.weir = json.at("version").get<std::string>();
    for (const Json& setting : json.at("settings")) {
      info.settings.emplace_back(setting.at(0).get<std::string>(),
                                 setting.at(1).get<std::string>());
    }
    info.plugins = json.at("plugins").get<std::vector<std::string>>();
    info.options = json.at("options");
    const auto started = parse_iso_time(json.at("started").get<std::string>());
    if (!started) throw damaged("'started' is no time");
    info.started_ns = *started;
    return info;
  } catch (const Json::exception& error) {
    throw damaged(error.what());
  }
}

}  // namespace weir::journal
