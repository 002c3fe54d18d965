# One interface target carries what every target of ours is compiled with.
option(VIGIE_WERROR "Treat warnings as errors" ON)
set(VIGIE_SANITIZE "" CACHE STRING "Sanitizers of this build: empty, address-undefined or thread")

add_library(vigie_options INTERFACE)
target_compile_features(vigie_options INTERFACE cxx_std_20)
target_compile_options(vigie_options INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual>
  -fvisibility=hidden)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overlapping copies inside std::string's operator+ (GCC bug 105651).
  target_compile_options(vigie_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(VIGIE_WERROR)
  target_compile_options(vigie_options INTERFACE -Werror)
endif()
if(VIGIE_SANITIZE STREQUAL "address-undefined")
  # libcaf 0.17 binds null references in init_fun_factory.hpp, hence -fno-sanitize=null.
  set(flags -fsanitize=address,undefined -fno-sanitize=null -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g1)
elseif(VIGIE_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer -g1)
elseif(NOT VIGIE_SANITIZE STREQUAL "")
  message(FATAL_ERROR "VIGIE_SANITIZE=${VIGIE_SANITIZE}: use address-undefined or thread")
endif()
option(VIGIE_FUZZ "Build the libFuzzer targets of tests/fuzz (Clang only)" OFF)
if(VIGIE_FUZZ)
  set(flags -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -g1)
endif()
if(flags)
  target_compile_options(vigie_options INTERFACE ${flags})
  target_link_options(vigie_options INTERFACE ${flags})
endif()
