# Debian packages: `spillway`, the daemon, and `libspillway-dev`, what programs are built with. Made by
# ./dev package, from the release preset.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME spillway)
set(CPACK_PACKAGE_VENDOR "spillway")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package's description begins with its own
set(CPACK_COMPONENTS_ALL daemon development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# Compresses what Debian wants compressed, and adds what only its packages have.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian/complete.cmake)
set(CPACK_SPILLWAY_DEBIAN ${CMAKE_CURRENT_LIST_DIR}/debian)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)  # spillway_VERSION_ARCHITECTURE.deb
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "spillway maintainers <maintainers@spillway.invalid>"
    CACHE STRING "Who answers for the Debian packages: Name <address>")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_DAEMON_PACKAGE_NAME spillway)
set(CPACK_DEBIAN_DAEMON_PACKAGE_SECTION net)
set(CPACK_DEBIAN_DAEMON_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_DAEMON_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_DAEMON_PACKAGE_RECOMMENDS "ca-certificates")  # for `upstream.tls` without a `ca`
set(CPACK_DEBIAN_DAEMON_PACKAGE_SUGGESTS "logrotate, openssl")
set(CPACK_DEBIAN_DAEMON_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_LIST_DIR}/debian/conffiles
    ${CMAKE_CURRENT_LIST_DIR}/debian/postinst
    ${CMAKE_CURRENT_LIST_DIR}/debian/prerm
    ${CMAKE_CURRENT_LIST_DIR}/debian/postrm)
set(CPACK_COMPONENT_DAEMON_DESCRIPTION
"TLS-terminating TCP proxy that tells of slow peers
Spillway takes TLS or plain TCP connections and relays them to servers, or
sends back what comes. What happens when a peer cannot keep up is chosen for
each route and direction: pause the producer, drop whole messages, or close.
.
Every session leaves one line in the log with its bytes, pauses, drops and
latency; an address for administration has the same for Prometheus. A reload
changes routes and certificates without closing a connection.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libspillway-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libssl-dev (>= 3.0), libboost-dev (>= 1.81) | libboost1.81-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"C++20 library for connections with backpressure that can be seen
A send is accepted or refused with a reason, and nothing is queued behind the
caller's back. TCP and unix sockets, TLS 1.2 and 1.3, connecting by name over
all addresses, half-close, and events for a peer that cannot keep up.
.
This package has the static library, the headers, and what CMake
(spillway::spillway) and pkg-config (spillway) need to find them.")

include(CPack)
