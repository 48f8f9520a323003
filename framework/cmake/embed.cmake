# cmake -D OUTPUT=… -D HEADER=… -D FUNCTIONS="NAME=FILE;…" -P embed.cmake: writes a source file that
# defines, for each NAME, `std::string_view weir::view::NAME()` with the text of FILE.

set(source "// Made by ${CMAKE_CURRENT_LIST_FILE}.\n#include \"${HEADER}\"\n\nnamespace weir::view {\n")
foreach(function IN LISTS FUNCTIONS)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${function}")
  set(name "${CMAKE_MATCH_1}")
  file(READ "${CMAKE_MATCH_2}" text)
  if(text MATCHES "\\)weir_embedded\"")
    message(FATAL_ERROR "${CMAKE_MATCH_2} holds the mark that ends its text in the source file")
  endif()
  string(APPEND source
    "\nstd::string_view ${name}() {\n  return R\"weir_embedded(${text})weir_embedded\";\n}\n")
endforeach()
string(APPEND source "\n}  // namespace weir::view\n")
file(WRITE "${OUTPUT}" "${source}")
