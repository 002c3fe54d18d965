# vigie_plugin(NAME SOURCES file... [LIBRARIES lib...] [FOLDER folder] [MANIFEST file])
# Builds the plugin library libvigie_NAME.so with nothing visible but its entry, in a folder of its
# own (FOLDER, by default <build>/plugins/NAME), and writes plugin.toml beside it from
# plugin.toml.in of the calling folder (or MANIFEST) with @SHA256@ filled after linking.
# A plugin sees the SDK and nothing of core.
function(vigie_plugin name)
  cmake_parse_arguments(arg "" "FOLDER;MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_BINARY_DIR}/plugins/${name})
  endif()
  if(NOT arg_MANIFEST)
    set(arg_MANIFEST plugin.toml.in)
  endif()
  get_filename_component(manifest ${arg_MANIFEST} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  set(target vigie_plugin_${name})
  add_library(${target} MODULE ${arg_SOURCES})
  target_compile_features(${target} PRIVATE cxx_std_20 c_std_11)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/sdk/include ${PROJECT_SOURCE_DIR}/sdk/cpp)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Werror)
  target_link_options(${target} PRIVATE -Wl,--no-undefined)
  target_link_libraries(${target} PRIVATE ${arg_LIBRARIES})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME vigie_${name} PREFIX lib SUFFIX .so
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${arg_FOLDER})
  # Part of the link itself, so that library and manifest never disagree, and a changed manifest
  # links anew.
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${manifest})
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DLIBRARY=$<TARGET_FILE:${target}> -DTEMPLATE=${manifest}
      -DOUTPUT=${arg_FOLDER}/plugin.toml -P ${PROJECT_SOURCE_DIR}/cmake/write_plugin_manifest.cmake
    VERBATIM)
endfunction()
