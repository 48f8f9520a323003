#pragma once

/// What run.json says: what was run, how, and when.

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace weir::journal {

struct RunInfo {
  std::string id;                                                     ///< given by RunDirectory
  std::string pipeline;                                               ///< its name
  std::filesystem::path file;                                         ///< absolute
  std::string given;                                                  ///< as on the command line
  std::filesystem::path folder;                                       ///< the current one; absolute
  std::vector<std::pair<std::string, std::string>> settings;          ///< of `--set`, in order
  std::vector<std::string> plugins;                                   ///< of `--plugin`
  nlohmann::ordered_json options = nlohmann::ordered_json::object();  ///< others, such as threads
  std::int64_t started_ns = 0;                                        ///< unix time
  int process = 0;   ///< its id, when it started; given by RunDirectory
  std::string weir;  ///< its version
};

std::string to_json(const RunInfo& info);

/// Throws Error; `file` is for its message.
RunInfo parse_run_info(const std::string& json, const std::filesystem::path& file);

}  // namespace weir::journal
