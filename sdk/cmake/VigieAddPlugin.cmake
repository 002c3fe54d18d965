set(VIGIE_SDK_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

# vigie_add_plugin(NAME SOURCES file... [LIBRARIES lib...] [FOLDER folder] [MANIFEST file])
# Builds the plugin library libNAME.so, which shows nothing but its entry, in a folder of its own
# (FOLDER, by default <build>/NAME), and writes plugin.toml beside it: MANIFEST, by default
# plugin.toml.in of the calling folder, with @LIBRARY@ and @SHA256@ filled in after each link. That
# folder is what a centre's configuration names. Makes the target NAME.
function(vigie_add_plugin name)
  cmake_parse_arguments(arg "" "FOLDER;MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "vigie_add_plugin(NAME SOURCES file... [LIBRARIES lib...] [FOLDER folder] [MANIFEST file])")
  endif()
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_CURRENT_BINARY_DIR}/${name})
  endif()
  if(NOT arg_MANIFEST)
    set(arg_MANIFEST plugin.toml.in)
  endif()
  get_filename_component(manifest ${arg_MANIFEST} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  add_library(${name} MODULE ${arg_SOURCES})
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_20)
  target_link_libraries(${name} PRIVATE Vigie::sdk ${arg_LIBRARIES})
  # The map also hides what C++ libraries linked into the plugin would show.
  target_link_options(${name} PRIVATE -Wl,--no-undefined
    -Wl,--version-script=${VIGIE_SDK_CMAKE_DIR}/plugin.map)
  set_target_properties(${name} PROPERTIES PREFIX lib SUFFIX .so
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${arg_FOLDER})
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS
    ${manifest} ${VIGIE_SDK_CMAKE_DIR}/plugin.map)
  # Part of the link itself: library and manifest never disagree.
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DFILE=$<TARGET_FILE:${name}> -DTEMPLATE=${manifest}
      -DOUTPUT=${arg_FOLDER}/plugin.toml -P ${VIGIE_SDK_CMAKE_DIR}/write_plugin_manifest.cmake
    VERBATIM)
endfunction()
