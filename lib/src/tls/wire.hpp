// The wire as OpenSSL sees it: a span to read from, a buffer to write to.
#pragma once

#include "tls/handles.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

namespace spillway::tls {

/// What an SSL object reads and writes during one call. Reads take from a span and would block at
/// its end; writes are always taken whole. Outside of a call there is neither: nothing that OpenSSL
/// keeps can reach a buffer that is gone.
class Wire {
 public:
  /// Connects the wire for as long as it lives.
  class Call {
   public:
    Call(Wire& wire, Bytes in, ByteBuffer& out) : wire_(wire) {
      wire_.in_ = in;
      wire_.out_ = &out;
    }
    ~Call() {
      wire_.in_ = {};
      wire_.out_ = nullptr;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Wire& wire_;
  };

  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Takes away what is still to be read in this call.
  void cut() { in_ = {}; }

  /// Both ends of this wire as a BIO, which the wire outlives.
  BioPtr make_bio();

 private:
  static const BIO_METHOD* bio_method();
  static int read(BIO* bio, char* room, std::size_t size, std::size_t* taken) noexcept;
  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) noexcept;
  static long control(BIO* bio, int command, long number, void* pointer) noexcept;

  Bytes in_;
  ByteBuffer* out_ = nullptr;
};

}  // namespace spillway::tls
