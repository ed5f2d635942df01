#include "bench/yardstick/tls.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace yardstick {

namespace {

// One record may have been begun by what was given before.
constexpr std::size_t plain_capacity = Tls::limit + SSL3_RT_MAX_PLAIN_LENGTH;
// Room for what records add, for a handshake's flight, and for tickets.
constexpr std::size_t output_capacity = Tls::limit + 64 * 1024;

template <typename T>
T made(T object, const std::string& what) {
  if (object) return object;
  const unsigned long error = ERR_get_error();
  const char* reason = ERR_SYSTEM_ERROR(error) ? std::strerror(ERR_GET_REASON(error))
                                               : ERR_reason_error_string(error);
  throw std::runtime_error(what + ": " + (reason ? reason : "OpenSSL refuses"));
}

}  // namespace

// Reads what the loop has received and writes what it will send: no copy of its own, no allocation.
struct MemoryBio {
  static int read(BIO* bio, char* to, std::size_t size, std::size_t* done) {
    Bytes& input = static_cast<Tls*>(BIO_get_data(bio))->input_;
    *done = std::min(size, input.size());
    if (*done == 0) {
      BIO_set_retry_read(bio);
      return 0;
    }
    BIO_clear_retry_flags(bio);
    std::memcpy(to, input.data(), *done);
    input = input.subspan(*done);
    return 1;
  }

  static int write(BIO* bio, const char* from, std::size_t size, std::size_t* done) {
    Tls& tls = *static_cast<Tls*>(BIO_get_data(bio));
    if (size > output_capacity - tls.output_size_) return 0;
    std::memcpy(tls.output_.get() + tls.output_size_, from, size);
    tls.output_size_ += size;
    *done = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH; }
};

SslContextPtr make_context(const std::string& certificate, const std::string& key) {
  SslContextPtr context(made(SSL_CTX_new(TLS_server_method()), "OpenSSL"));
  made(SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) == 1, certificate);
  made(SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) == 1, key);
  made(SSL_CTX_check_private_key(context.get()) == 1, key);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Tls::Tls(SSL_CTX* context)
    : context_(context),
      method_(made(BIO_meth_new(BIO_TYPE_SOURCE_SINK, "memory"), "OpenSSL")),
      plain_(std::make_unique_for_overwrite<char[]>(plain_capacity)),
      output_(std::make_unique_for_overwrite<char[]>(output_capacity)) {
  BIO_meth_set_read_ex(method_.get(), MemoryBio::read);
  BIO_meth_set_write_ex(method_.get(), MemoryBio::write);
  BIO_meth_set_ctrl(method_.get(), MemoryBio::control);
  bio_.reset(made(BIO_new(method_.get()), "OpenSSL"));
  BIO_set_data(bio_.get(), this);
  BIO_set_init(bio_.get(), 1);
}

SslPtr Tls::accept() {
  SslPtr ssl(made(SSL_new(context_), "OpenSSL"));
  BIO_up_ref(bio_.get());
  SSL_set_bio(ssl.get(), bio_.get(), bio_.get());
  SSL_set_accept_state(ssl.get());
  return ssl;
}

Tls::Opened Tls::open(SSL* ssl, Bytes records) {
  input_ = records;
  BIO_clear_retry_flags(bio_.get());
  output_size_ = 0;
  std::size_t size = 0;
  do {
    std::size_t read = 0;
    if (SSL_read_ex(ssl, plain_.get() + size, plain_capacity - size, &read) != 1) {
      if (BIO_should_retry(bio_.get())) break;
      ERR_clear_error();
      const bool ended = SSL_get_error(ssl, 0) == SSL_ERROR_ZERO_RETURN;
      return {{plain_.get(), size}, ended ? Status::ended : Status::failed};
    }
    size += read;
  } while (!input_.empty());
  return {{plain_.get(), size}, Status::open};
}

Bytes Tls::seal(SSL* ssl, Bytes plain) {
  output_size_ = 0;
  std::size_t written = 0;
  if (SSL_write_ex(ssl, plain.data(), plain.size(), &written) != 1) return {};
  return output();
}

Bytes Tls::say_goodbye(SSL* ssl) {
  output_size_ = 0;
  SSL_shutdown(ssl);
  return output();
}

}  // namespace yardstick
