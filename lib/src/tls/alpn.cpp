#include "tls/alpn.hpp"

#include "tls/error.hpp"
#include "tls/handles.hpp"

#include <memory>

namespace spillway::tls {

namespace {

// As on the wire: each name behind its length.
using ProtocolList = std::vector<unsigned char>;

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_list = 65535;

boost::system::result<ProtocolList, TlsError> encode(const std::vector<std::string>& protocols) {
  ProtocolList list;
  for (const std::string& protocol : protocols) {
    if (protocol.empty() || protocol.size() > longest_name) {
      return TlsError{"ALPN protocol \"" + protocol + "\": a name has 1 to 255 bytes"};
    }
    list.push_back(static_cast<unsigned char>(protocol.size()));
    list.insert(list.end(), protocol.begin(), protocol.end());
  }
  if (list.size() > longest_list)
    return TlsError{"ALPN protocols: too many, or their names too long"};
  return list;
}

void free_list(void*, void* list, CRYPTO_EX_DATA*, int, long, void*) noexcept {
  delete static_cast<ProtocolList*>(list);
}

// The list belongs to the SSL_CTX itself, because connections keep that alive and nothing else.
int list_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_list);
  return index;
}

int select(SSL* ssl, const unsigned char** chosen, unsigned char* chosen_size,
           const unsigned char* offered, unsigned int offered_size, void*) noexcept {
  const auto& list =
      *static_cast<ProtocolList*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), list_index()));
  unsigned char* found = nullptr;
  // The list that comes first in the call decides the preference.
  const int result =
      SSL_select_next_proto(&found, chosen_size, list.data(),
                            static_cast<unsigned int>(list.size()), offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

boost::system::result<void, TlsError> choose_alpn(SSL_CTX* context,
                                                  const std::vector<std::string>& protocols) {
  if (protocols.empty()) return {};
  auto encoded = encode(protocols);
  if (!encoded) return encoded.error();
  auto list = std::make_unique<ProtocolList>(std::move(*encoded));
  if (SSL_CTX_set_ex_data(context, list_index(), list.get()) != 1) {
    return error_because("ALPN protocols");
  }
  list.release();
  SSL_CTX_set_alpn_select_cb(context, select, nullptr);
  return {};
}

boost::system::result<void, TlsError> offer_alpn(SSL_CTX* context,
                                                 const std::vector<std::string>& protocols) {
  if (protocols.empty()) return {};
  const auto list = encode(protocols);
  if (!list) return list.error();
  // Unlike nearly everything else in OpenSSL, 0 is success here.
  if (SSL_CTX_set_alpn_protos(context, list->data(), static_cast<unsigned int>(list->size())) !=
      0) {
    return error_because("ALPN protocols");
  }
  return {};
}

}  // namespace spillway::tls
