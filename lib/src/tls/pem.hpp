// Certificates and keys from PEM text.
#pragma once

#include "tls/handles.hpp"

#include <spillway/tls/tls_error.hpp>

#include <boost/system/result.hpp>

#include <string_view>
#include <vector>

namespace spillway::tls {

/// All certificates of the text, at least one. Other things in it are skipped: a file may hold the
/// key too.
boost::system::result<std::vector<X509Ptr>, TlsError> parse_certificates(std::string_view pem);

/// The first private key of the text. An encrypted one is refused, as there is nobody to ask.
boost::system::result<KeyPtr, TlsError> parse_private_key(std::string_view pem);

}  // namespace spillway::tls
