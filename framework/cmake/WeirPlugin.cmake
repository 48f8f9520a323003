# weir_add_plugin(NAME SOURCE…): builds the plugin NAME.so of sources that have one WEIR_PLUGIN(…).
# It is a target like any other: link what its nodes need, set its options, install it.

set(WEIR_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map")

function(weir_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE weir::node)
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    SUFFIX .so
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${WEIR_PLUGIN_MAP}")
  target_link_options(${name} PRIVATE "LINKER:--version-script=${WEIR_PLUGIN_MAP}")
  # What is missing is better said by the linker than when the plugin is loaded. A sanitizer's
  # functions are there only when the program is.
  get_directory_property(options COMPILE_OPTIONS)
  if(NOT "${options} ${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize=")
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
endfunction()
