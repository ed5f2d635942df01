#include "tls/wire.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace spillway::tls {

Wire& Wire::of_this_thread() {
  thread_local Wire wire;
  return wire;
}

Wire::Wire() : bio_(made(BIO_new(bio_method()))) { BIO_set_init(bio_.get(), 1); }

Wire::Call::Call(SSL* ssl, Bytes in, ByteBuffer& out) : wire_(of_this_thread()) {
  assert(wire_.out_ == nullptr);
  wire_.in_ = in;
  wire_.out_ = &out;
  BIO* const bio = wire_.bio_.get();
  if (SSL_get_rbio(ssl) == bio) return;
  // Its first call, or the loop has moved to another thread. One BIO for both directions is one
  // reference.
  BIO_up_ref(bio);
  SSL_set_bio(ssl, bio, bio);
}

// Made once and never freed: connections may outlive any order of static destruction.
const BIO_METHOD* Wire::bio_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* fresh =
        made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "spillway wire"));
    BIO_meth_set_read_ex(fresh, read);
    BIO_meth_set_write_ex(fresh, write);
    BIO_meth_set_ctrl(fresh, control);
    return fresh;
  }();
  return method;
}

int Wire::read(BIO* bio, char* room, std::size_t size, std::size_t* taken) noexcept {
  BIO_clear_retry_flags(bio);
  Bytes& in = of_this_thread().in_;
  // Never an end of file: the engine judges the end of the stream by itself, and OpenSSL only ever
  // has to wait.
  if (in.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *taken = std::min(size, in.size());
  std::memcpy(room, in.data(), *taken);
  in = in.subspan(*taken);
  return 1;
}

// An exception must not pass through OpenSSL's frames: out of memory ends the process here.
int Wire::write(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) noexcept {
  BIO_clear_retry_flags(bio);
  ByteBuffer* const out = of_this_thread().out_;
  if (out == nullptr) return 0;
  out->append(std::as_bytes(std::span(bytes, size)));
  *taken = size;
  return 1;
}

long Wire::control(BIO*, int command, long, void*) noexcept {
  // OpenSSL ends each flight with a flush and takes anything but success for a broken stream.
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

}  // namespace spillway::tls
