# Script: TEMPLATE becomes OUTPUT, with @SHA256@ and @LIBRARY@ of the library FILE in it.
file(SHA256 ${FILE} SHA256)
get_filename_component(LIBRARY ${FILE} NAME)
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
