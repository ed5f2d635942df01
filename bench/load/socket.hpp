// Calls on nonblocking TCP sockets.
#pragma once

#include "bench/load/address.hpp"
#include "bench/load/bytes.hpp"
#include "bench/load/descriptor.hpp"

#include <optional>

namespace load {

/// THROWS: Failure.
Descriptor listen_on(const Address& address);
/// Nothing when nobody waits. THROWS: Failure.
std::optional<Descriptor> accept_from(const Descriptor& listener);
/// Only begins: the socket becomes writable when it is connected. THROWS: ConnectionLost, Failure.
Descriptor connect_to(const Address& address);

/// How many bytes came, 0 if none at the moment. THROWS: ConnectionLost, also at the stream's end.
std::size_t receive(const Descriptor& socket, std::span<std::byte> space);
/// Takes up to `most` bytes off the stream without copying them. THROWS: like `receive`.
std::size_t discard(const Descriptor& socket, std::size_t most);
/// How many bytes the kernel took, 0 if none at the moment. THROWS: ConnectionLost.
std::size_t send(const Descriptor& socket, Bytes bytes);

}  // namespace load
