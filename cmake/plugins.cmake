include(${PROJECT_SOURCE_DIR}/sdk/cmake/VigieAddPlugin.cmake)

# vigie_plugin(NAME SOURCES file... [LIBRARIES lib...] [FOLDER folder] [MANIFEST file])
# A plugin of this tree, built as a vendor builds his (vigie_add_plugin): libvigie_NAME.so with
# nothing visible but its entry, in a folder of its own (FOLDER, by default <build>/plugins/NAME),
# and plugin.toml beside it from plugin.toml.in of the calling folder (or MANIFEST) with @SHA256@
# and @LIBRARY@ filled after linking. A plugin sees the SDK and nothing of core.
function(vigie_plugin name)
  cmake_parse_arguments(arg "" "FOLDER" "" ${ARGN})
  if(NOT arg_FOLDER)
    set(arg_FOLDER ${CMAKE_BINARY_DIR}/plugins/${name})
  endif()
  set(target vigie_plugin_${name})
  vigie_add_plugin(${target} ${arg_UNPARSED_ARGUMENTS} FOLDER ${arg_FOLDER})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME vigie_${name})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Werror)
endfunction()
