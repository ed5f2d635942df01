#include <spillway/version.hpp>

#include <openssl/crypto.h>

namespace spillway {

std::string tls_library_version() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace spillway
