# How weir's own targets are built: warnings, sanitizers, ccache. Not for users of the package.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(WEIR_CCACHE ccache)
if(WEIR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${WEIR_CCACHE})
endif()

# Several files of a target are compiled as one: a third of the time of a whole build, most of which
# goes into the same headers and templates again and again. OFF compiles each by itself.
option(CMAKE_UNITY_BUILD "Compile several files at once" ON)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6 CACHE STRING "How many files at once; 0: all")

add_library(weir_options INTERFACE)
target_compile_options(weir_options INTERFACE -Wall -Wextra -Wconversion -Werror)
if(WEIR_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
    -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=address,undefined)
elseif(WEIR_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=thread)
elseif(WEIR_SANITIZE)
  message(FATAL_ERROR "WEIR_SANITIZE is '${WEIR_SANITIZE}'; it can be address or thread")
endif()

# weir_hot(TARGET …): what is quick because the compiler inlines it, which it does less of in large
# files: each file is compiled by itself where time matters.
function(weir_hot)
  if(NOT WEIR_SANITIZE)
    set_target_properties(${ARGN} PROPERTIES UNITY_BUILD OFF)
  endif()
endfunction()

# weir_part(NAME SOURCES … LINK …): one room of framework/, a static library.
function(weir_part name)
  cmake_parse_arguments(PART "" "" "SOURCES;LINK" ${ARGN})
  add_library(weir_${name} STATIC ${PART_SOURCES})
  target_include_directories(weir_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/framework>
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/framework/include>)
  target_link_libraries(weir_${name} PRIVATE $<BUILD_INTERFACE:weir_options> PUBLIC ${PART_LINK})
endfunction()

# weir_test(NAME SOURCES … LINK …): a GoogleTest program.
function(weir_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE weir_options ${TEST_LINK} GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0)  # half the time of compiling; nothing is measured here
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 30 PROPERTIES TIMEOUT 120)
endfunction()
