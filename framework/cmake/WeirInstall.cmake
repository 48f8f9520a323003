# What `cmake --install` puts where: the program, the public headers, the library for programs that
# run pipelines themselves, and the package that makes find_package(weir) work. Included from the top, where all targets are known.

include(CMakePackageConfigHelpers)
find_package(nlohmann_json REQUIRED)

# The headers for authors of nodes: all that a plugin needs, as it links to nothing of weir.
add_library(weir_node INTERFACE)
add_library(weir::node ALIAS weir_node)
target_include_directories(weir_node INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/framework/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(weir_node INTERFACE cxx_std_20)
target_link_libraries(weir_node INTERFACE nlohmann_json::nlohmann_json)
set_target_properties(weir_node PROPERTIES EXPORT_NAME node)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/weir)
install(TARGETS weir RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/include/weir
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(TARGETS weir_node EXPORT weir)
install(EXPORT weir NAMESPACE weir:: FILE weirTargets.cmake DESTINATION ${package})

# weir::weir, with the static libraries that it is made of.
set_target_properties(weir_embed PROPERTIES EXPORT_NAME weir)
target_link_libraries(weir_embed PUBLIC weir_node)
install(TARGETS weir_data weir_spec weir_compile weir_io weir_journal weir_runtime weir_view weir_nodes
  weir_embed EXPORT weirEmbed ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT weirEmbed NAMESPACE weir:: FILE weirEmbedTargets.cmake DESTINATION ${package})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/weirConfig.cmake.in
  ${PROJECT_BINARY_DIR}/package/weirConfig.cmake INSTALL_DESTINATION ${package})
# A plugin's stamp decides what fits in the end; until 1.0 any minor version may change it.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/weirConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  ${PROJECT_BINARY_DIR}/package/weirConfig.cmake
  ${PROJECT_BINARY_DIR}/package/weirConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/WeirPlugin.cmake
  ${CMAKE_CURRENT_LIST_DIR}/plugin.map
  DESTINATION ${package})

include(WeirPlugin)
