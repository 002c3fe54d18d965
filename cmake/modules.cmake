# vigie_module(NAME [DEPS lib...] [PRIVATE_DEPS lib...])
# Makes the static library vigie_NAME from every .cpp of the calling folder (sub-folders excluded).
# DEPS show in public headers; PRIVATE_DEPS (third parties above all) stay inside.
function(vigie_module name)
  cmake_parse_arguments(arg "" "" "DEPS;PRIVATE_DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    add_library(vigie_${name} INTERFACE)
    target_link_libraries(vigie_${name} INTERFACE vigie_options ${arg_DEPS} ${arg_PRIVATE_DEPS})
    target_include_directories(vigie_${name} INTERFACE ${PROJECT_SOURCE_DIR}/core)
    return()
  endif()
  add_library(vigie_${name} STATIC ${sources})
  target_link_libraries(vigie_${name} PUBLIC vigie_options ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
  target_include_directories(vigie_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core)
endfunction()

# Tests wait, they do not compute: what they test is optimised, they need not be. Under sanitizers a test's
# own code takes half the time to compile when it is not optimised at all.
set(vigie_test_code -O1)
if(VIGIE_SANITIZE)
  set(vigie_test_code -O0)
endif()

# All tests that also run under sanitizers.
add_custom_target(sanitized_tests)

# doctest's own code and main, compiled once for all tests.
add_library(vigie_doctest_main OBJECT ${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp)
target_link_libraries(vigie_doctest_main PRIVATE vigie_options doctest::doctest)
target_include_directories(vigie_doctest_main PRIVATE ${PROJECT_SOURCE_DIR}/tests)

# vigie_tests(NAME LABEL label [DEPS lib...] [TIMEOUT seconds])
# Makes one doctest binary test_NAME from every *.test.cpp of the calling folder.
function(vigie_tests name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources} $<TARGET_OBJECTS:vigie_doctest_main>)
  # (GCC's flow analysis sees ghosts at -O1.)
  target_compile_options(test_${name} PRIVATE ${vigie_test_code} $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE vigie_options doctest::doctest ${arg_DEPS})
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(arg_LABEL MATCHES "^(unit|actors)$")
    add_dependencies(sanitized_tests test_${name})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
    if(VIGIE_SANITIZE)
      set(arg_TIMEOUT 180)
    endif()
  endif()
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "VIGIE_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};VIGIE_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
