#include "nodes/process/command.hpp"

#include <weir/record.hpp>

namespace weir::nodes {
namespace {

void note_dropped(const Item& item, const char* stream, std::uint64_t dropped, const Size& cap,
                  Host& host) {
  if (dropped == 0) return;
  std::string name = item.text();
  if (name.size() > 120) name.replace(120, std::string::npos, "…");
  host.note(name + ": its " + stream + " was longer than output_cap: " + std::to_string(dropped) +
            " bytes beyond the first " + format_size(cap) + " are lost");
}

}  // namespace

Command CommandOptions::prepare(const Item& item) const {
  Command command;
  for (const auto& [name, value] : env) command.env.emplace_back(name, value.render(item));
  command.cwd = cwd.render(item);
  command.output_cap = output_cap.bytes;
  command.out_is_for_people = emit == "item";
  if (standard_input == "item") {
    command.has_input = true;
    command.input = item.text();
  }
  return command;
}

Item CommandOptions::give(Item item, const std::string& command, const std::string& shown,
                          ProcessResult result, Host& host) const {
  note_dropped(item, "standard output", result.out_dropped, output_cap, host);
  note_dropped(item, "standard error", result.err_dropped, output_cap, host);
  if (!result.ok()) throw CommandFailed(command, shown, result);
  if (emit == "item") return item;
  if (emit == "stdout") {
    std::string_view text = result.out;
    if (text.ends_with('\n')) text.remove_suffix(1);
    return Item::of(text);
  }
  Record record = Record::object();
  record["item"] = to_record(item);
  record["status"] = result.status;
  record["stdout"] = std::move(result.out);
  record["stderr"] = std::move(result.err);
  record["seconds"] = result.seconds;
  return Item::of(std::move(record));
}

std::string CommandOptions::output_type() const {
  if (emit == "stdout") return "text";
  if (emit == "result") return "record";
  return {};
}

}  // namespace weir::nodes
