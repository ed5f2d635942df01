# Run by `cmake --install`: the configuration goes where the Filesystem Hierarchy Standard has it for
# this prefix, and one that is there already stays.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(etc /etc)
elseif(CMAKE_INSTALL_PREFIX MATCHES "^/opt/")
  set(etc "/etc${CMAKE_INSTALL_PREFIX}")
else()
  set(etc "${CMAKE_INSTALL_PREFIX}/etc")
endif()

if(EXISTS "$ENV{DESTDIR}${etc}/spillway/spillway.yaml")
  message(STATUS "Kept: ${etc}/spillway/spillway.yaml")
else()
  file(INSTALL "${repository}/config/spillway.yaml" DESTINATION "${etc}/spillway")
endif()
file(INSTALL "${repository}/config/spillway.schema.json" DESTINATION "${etc}/spillway")
file(INSTALL "${repository}/packaging/logrotate/spillway" DESTINATION "${etc}/logrotate.d")
