// A plugin of another weir: its stamp has another ABI number. If anything of it ever ran, the
// program would end.

#include <array>
#include <cstdlib>
#include <string_view>

#include <weir/abi.hpp>

namespace {

constexpr weir::abi::Stamp other_stamp() {
  weir::abi::Stamp stamp = weir::abi::make_stamp();
  constexpr std::string_view kBefore = "weir-plugin abi=";
  stamp[kBefore.size()] = '0';
  return stamp;
}

[[gnu::constructor]] void run() { std::abort(); }

}  // namespace

extern "C" [[gnu::visibility("default")]] const weir::abi::Stamp weir_plugin_stamp;
constinit const weir::abi::Stamp weir_plugin_stamp = other_stamp();

extern "C" [[gnu::visibility("default")]] const char* weir_plugin_table(
    weir::abi::Table*) noexcept {
  std::abort();
}
