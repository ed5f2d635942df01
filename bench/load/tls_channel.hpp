// A client's end of a TLS connection.
#pragma once

#include "bench/load/channel.hpp"
#include "bench/load/openssl.hpp"
#include "bench/load/shared_buffers.hpp"

namespace load {

class TlsClient;

/// What one connection leaves for the next.
struct Resumption {
  SessionPtr ticket;      // the last one that came; offered if there is one
  bool accepted = false;  // was what the latest connection offered
};

/// OpenSSL reads from and writes to memory: one `recv` brings up to 256 KiB, one `send` takes all
/// records of a turn, whatever the size of a record.
class TlsChannel : public Channel {
 public:
  /// Whether memory is kept between turns: idle connections do without.
  enum class Memory { kept, released };

  TlsChannel(Descriptor socket, const TlsClient& client, SharedBuffers& buffers, Memory memory,
             Resumption& resumption);
  /// A turn that ended early has left something there.
  ~TlsChannel() override { buffers_.unsent.clear(); }

  void on_ticket(SessionPtr ticket) { resumption_.ticket = std::move(ticket); }

  void receive() override;
  bool establish() override;
  Chunk next_chunk(bool look) override;
  void write(Bytes bytes) override;
  void finish() override { SSL_shutdown(ssl_.get()); }
  void flush() override;

  static BioMethodPtr make_bio_method();

 private:
  static int bio_read(BIO* bio, char* space, int size);
  static int bio_write(BIO* bio, const char* bytes, int size);

  /// THROWS: ConnectionLost, unless OpenSSL only wants more bytes.
  void wants_more_after(int result);

  SharedBuffers& buffers_;
  Bytes received_;  // and not yet read by OpenSSL; part of buffers_
  Resumption& resumption_;
  SslPtr ssl_;
};

}  // namespace load
