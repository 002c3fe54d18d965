# Script: TEMPLATE with @SHA256@ of LIBRARY becomes OUTPUT.
file(SHA256 ${LIBRARY} SHA256)
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
