// What is read from certificates that are parsed already.
#pragma once

#include "tls/handles.hpp"

#include <spillway/tls/certificate_info.hpp>

#include <string>

namespace spillway::tls {

/// Its subject on one line (RFC 2253).
std::string subject_of(const X509* certificate);

CertificateInfo info_of(const X509* certificate);

/// SHA-256 of the whole certificate: 32 bytes.
std::string digest_of(const X509* certificate);

}  // namespace spillway::tls
