# cmake -D OUTPUT=… -D HEADER=… -D FUNCTIONS="NAME=FILE,…;…" -P embed.cmake: writes a source file that
# defines, for each NAME, `std::string_view weir::view::NAME()` with the texts of its FILEs, one behind
# another, and `NAME_hash()` with the SHA-256 of that in Base64.

# Three hexadecimal digits are two of Base64; of the 64 one is left over, which is filled up.
function(to_base64 hex result)
  set(digits ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  set(text)
  foreach(at RANGE 0 63 3)
    string(SUBSTRING "${hex}00" ${at} 3 three)
    math(EXPR high "0x${three} >> 6")
    math(EXPR low "0x${three} & 63")
    string(SUBSTRING ${digits} ${high} 1 first)
    string(SUBSTRING ${digits} ${low} 1 second)
    string(APPEND text ${first}${second})
  endforeach()
  string(SUBSTRING ${text} 0 43 text)
  set(${result} "${text}=" PARENT_SCOPE)
endfunction()

set(source "// Made by ${CMAKE_CURRENT_LIST_FILE}.\n#include \"${HEADER}\"\n\nnamespace weir::view {\n")
foreach(function IN LISTS FUNCTIONS)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${function}")
  set(name "${CMAKE_MATCH_1}")
  string(REPLACE "," ";" files "${CMAKE_MATCH_2}")
  # A raw string each: compilers put neighbours together.
  set(texts)
  set(whole)
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    if(text MATCHES "\\)weir_embedded\"")
      message(FATAL_ERROR "${file} holds the mark that ends its text in the source file")
    endif()
    string(APPEND whole "${text}")
    string(APPEND texts "\n      R\"weir_embedded(${text})weir_embedded\"")
  endforeach()
  string(SHA256 hash "${whole}")
  to_base64(${hash} hash)
  string(APPEND source
    "\nstd::string_view ${name}() {\n  return${texts};\n}\n"
    "std::string_view ${name}_hash() { return \"${hash}\"; }\n")
endforeach()
string(APPEND source "\n}  // namespace weir::view\n")
file(WRITE "${OUTPUT}" "${source}")
