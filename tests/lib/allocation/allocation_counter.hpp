// Counts every allocation of the process: operator new and OpenSSL's.
#pragma once

#include <cstddef>

namespace spillway::testing {

/// Makes OpenSSL allocate through the counter, and lets record buffers go round
/// (keep_record_buffers), as a program would. Call first in main: OpenSSL allows it only before it
/// allocated anything.
void count_openssl_allocations();

/// Allocations so far, of all threads: all by operator new, and those of OpenSSL's that are
/// buffers.
std::size_t allocations();

/// OpenSSL's packet writer takes 40 bytes for each record and level of nesting, and gives them back
/// before its call returns (WPACKET). No setting changes that: counted apart.
std::size_t packet_bookkeeping();

}  // namespace spillway::testing
