// The wire as OpenSSL sees it: a span to read from, a buffer to write to.
#pragma once

#include "tls/handles.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

namespace spillway::tls {

/// What an SSL object reads and writes during one call. Reads take from a span and would block at
/// its end; writes are always taken whole. Outside of a call there is neither: nothing that OpenSSL
/// keeps can reach a buffer that is gone.
///
/// Calls of one thread never overlap, so that all its SSL objects share one wire, and one BIO.
class Wire {
 public:
  static Wire& of_this_thread();

  /// Connects the thread's wire with `ssl` for as long as it lives. Not inside of another.
  class Call {
   public:
    Call(SSL* ssl, Bytes in, ByteBuffer& out);
    ~Call() {
      wire_.in_ = {};
      wire_.out_ = nullptr;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Wire& wire_;
  };

  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Nothing is left to be read in this call.
  [[nodiscard]] bool is_read() const { return in_.empty(); }
  /// Takes away what is still to be read in this call.
  void cut() { in_ = {}; }

 private:
  Wire();

  static const BIO_METHOD* bio_method();
  static int read(BIO* bio, char* room, std::size_t size, std::size_t* taken) noexcept;
  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) noexcept;
  static long control(BIO* bio, int command, long number, void* pointer) noexcept;

  // SSL objects may outlive it, and the thread: it refers to nothing.
  BioPtr bio_;
  Bytes in_;
  ByteBuffer* out_ = nullptr;
};

}  // namespace spillway::tls
