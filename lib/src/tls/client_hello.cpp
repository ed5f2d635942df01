#include "tls/client_hello.hpp"

#include <openssl/tls1.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace spillway::tls {

namespace {

using Octets = std::span<const unsigned char>;

thread_local std::string* noted = nullptr;

// A vector of TLS with a two-byte length (RFC 8446, 3.4), taken off the front; nothing if cut
// short.
Octets take_vector(Octets& from) {
  if (from.size() < 2) return {};
  const std::size_t size = static_cast<std::size_t>(from[0]) << 8 | from[1];
  if (from.size() - 2 < size) return {};
  const Octets vector = from.subspan(2, size);
  from = from.subspan(2 + size);
  return vector;
}

// What could be a host name. The name ends up in logs: other bytes are not taken for one.
bool is_printable(Octets name) {
  return std::ranges::all_of(name, [](unsigned char octet) { return octet > ' ' && octet < 0x7f; });
}

// The extension is a list, but host_name is the only type ever defined (RFC 6066, 3).
Octets host_name(Octets extension) {
  Octets list = take_vector(extension);
  if (list.empty() || list.front() != TLSEXT_NAMETYPE_host_name) return {};
  list = list.subspan(1);
  const Octets name = take_vector(list);
  if (name.size() > TLSEXT_MAXLEN_host_name || !is_printable(name)) return {};
  return name;
}

int on_client_hello(SSL* ssl, int*, void*) noexcept {
  const unsigned char* data = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) == 1) {
    const Octets name = host_name({data, size});
    if (noted != nullptr) noted->assign(name.begin(), name.end());
  }
  // Also for a malformed extension: refusing that is left to OpenSSL, which knows the right alert.
  return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace

void note_server_names(SSL_CTX* context) {
  SSL_CTX_set_client_hello_cb(context, on_client_hello, nullptr);
}

ServerNameNote::ServerNameNote(std::string& name) { noted = &name; }

ServerNameNote::~ServerNameNote() { noted = nullptr; }

}  // namespace spillway::tls
