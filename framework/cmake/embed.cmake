# cmake -D OUTPUT=… -D HEADER=… -D FUNCTIONS="NAME=FILE,…;…" -P embed.cmake: writes a source file that
# defines, for each NAME, `std::string_view weir::view::NAME()` with the texts of its FILEs, one behind
# another.

set(source "// Made by ${CMAKE_CURRENT_LIST_FILE}.\n#include \"${HEADER}\"\n\nnamespace weir::view {\n")
foreach(function IN LISTS FUNCTIONS)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${function}")
  set(name "${CMAKE_MATCH_1}")
  string(REPLACE "," ";" files "${CMAKE_MATCH_2}")
  # A raw string each: compilers put neighbours together.
  set(texts)
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    if(text MATCHES "\\)weir_embedded\"")
      message(FATAL_ERROR "${file} holds the mark that ends its text in the source file")
    endif()
    string(APPEND texts "\n      R\"weir_embedded(${text})weir_embedded\"")
  endforeach()
  string(APPEND source
    "\nstd::string_view ${name}() {\n  return${texts};\n}\n")
endforeach()
string(APPEND source "\n}  // namespace weir::view\n")
file(WRITE "${OUTPUT}" "${source}")
