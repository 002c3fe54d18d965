# Debian's libcaf-dev ships no package config; this finds it and refuses a version we do not know.
find_path(CAF_INCLUDE_DIR caf/all.hpp)
find_library(CAF_core_LIB caf_core)
if(CAF_INCLUDE_DIR)
  file(STRINGS ${CAF_INCLUDE_DIR}/caf/config.hpp caf_version_line REGEX "#define CAF_VERSION ")
  string(REGEX REPLACE ".*CAF_VERSION +" "" CAF_VERSION_NUMBER "${caf_version_line}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS CAF_INCLUDE_DIR CAF_core_LIB
  FAIL_MESSAGE "CAF not found: run ./scripts/bootstrap")
if(CAF_FOUND AND NOT CAF_VERSION_NUMBER MATCHES "^17")
  message(FATAL_ERROR "CAF ${CAF_VERSION_NUMBER} found; core/control/caf_compat.hpp knows 0.17 only")
endif()
if(CAF_FOUND AND NOT TARGET CAF::core)
  add_library(CAF::core UNKNOWN IMPORTED)
  set_target_properties(CAF::core PROPERTIES IMPORTED_LOCATION "${CAF_core_LIB}"
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
    INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}" INTERFACE_LINK_LIBRARIES Threads::Threads)
endif()
