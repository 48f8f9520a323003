// Has the stamp alone.

#include <weir/abi.hpp>

extern "C" [[gnu::visibility("default")]] const weir::abi::Stamp weir_plugin_stamp;
constinit const weir::abi::Stamp weir_plugin_stamp = weir::abi::make_stamp();
