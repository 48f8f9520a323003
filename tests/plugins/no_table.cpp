// Has the stamp alone.

#include <weir/abi.hpp>

extern "C" [[gnu::visibility("default")]] const std::array<char, 256> weir_plugin_stamp;
constinit const std::array<char, 256> weir_plugin_stamp = weir::abi::make_stamp();
