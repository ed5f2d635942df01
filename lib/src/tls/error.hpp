// OpenSSL's error queue in words.
#pragma once

#include <spillway/tls/tls_error.hpp>

#include <string>
#include <string_view>

namespace spillway::tls {

/// OpenSSL's words for an error code of its queue.
std::string reason_of(unsigned long code);

/// `words`, and OpenSSL's reason if it has one: its oldest error, which is the cause of the others.
/// Empties this thread's queue.
TlsError error_because(std::string_view words);

}  // namespace spillway::tls
