// Owners of OpenSSL's objects.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace load {

template <auto release>
struct Releases {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

using SslPtr = std::unique_ptr<SSL, Releases<SSL_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, Releases<SSL_CTX_free>>;
using SessionPtr = std::unique_ptr<SSL_SESSION, Releases<SSL_SESSION_free>>;
using BioMethodPtr = std::unique_ptr<BIO_METHOD, Releases<BIO_meth_free>>;

/// The latest fault that this thread's queue holds; empties the queue.
std::string openssl_error();

}  // namespace load
