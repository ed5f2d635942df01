// Which library this is, and which ones it runs on.
#pragma once

#include <string>
#include <string_view>

namespace spillway {

/// "0.1.0"
std::string_view library_version();
/// "1.81.0": of the headers that the library was built with.
std::string boost_version();
/// "3.0.11": of the OpenSSL that is loaded, which may be newer than the headers were.
std::string tls_library_version();

}  // namespace spillway
