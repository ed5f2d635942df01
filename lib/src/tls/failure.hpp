// Why a TLS connection failed, in words.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace spillway::tls {

/// Words for the operation on `ssl` that just failed: what it means to a person, and OpenSSL's
/// reason. Empties this thread's error queue.
std::string explain_failure(SSL* ssl);

}  // namespace spillway::tls
