#include "bench/load/tls_channel.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/socket.hpp"
#include "bench/load/tls_client.hpp"

#include <algorithm>
#include <cstring>

namespace load {

TlsChannel::TlsChannel(Descriptor socket, const TlsClient& client, SharedBuffers& buffers,
                       Memory memory, Resumption& resumption)
    : Channel(std::move(socket)),
      buffers_(buffers),
      resumption_(resumption),
      ssl_(client.connection()) {
  BIO* bio = BIO_new(client.bio_method());
  if (bio == nullptr) throw Failure("BIO_new: " + openssl_error());
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);  // owns it now
  SSL_set_app_data(ssl_.get(), this);
  if (memory == Memory::released) SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
  resumption.accepted = false;
  if (resumption.ticket != nullptr) SSL_set_session(ssl_.get(), resumption.ticket.get());
}

void TlsChannel::receive() {
  const std::size_t size = load::receive(socket(), buffers_.received);
  received_ = Bytes(buffers_.received).first(size);
}

bool TlsChannel::establish() {
  if (SSL_is_init_finished(ssl_.get()) == 1) return true;
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) {
    wants_more_after(result);
    return false;
  }
  resumption_.accepted = SSL_session_reused(ssl_.get()) == 1;
  return true;
}

Chunk TlsChannel::next_chunk(bool) {
  if (received_.empty()) return {};  // and OpenSSL has none either: it takes one record at a time
  std::vector<std::byte>& space = buffers_.decrypted;
  const int result = SSL_read(ssl_.get(), space.data(), static_cast<int>(space.size()));
  if (result > 0) return {static_cast<std::size_t>(result), space.data()};
  wants_more_after(result);
  return {};
}

void TlsChannel::write(Bytes bytes) {
  const int result = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (result <= 0) throw ConnectionLost("SSL_write: " + openssl_error());
}

void TlsChannel::flush() {
  outbox().send(socket(), buffers_.unsent);
  buffers_.unsent.clear();
}

void TlsChannel::wants_more_after(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return;
    case SSL_ERROR_ZERO_RETURN:
      throw ConnectionLost("the proxy closed it");
    default:
      throw ConnectionLost("TLS: " + openssl_error());
  }
}

BioMethodPtr TlsChannel::make_bio_method() {
  BioMethodPtr result(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "memory of a turn"));
  if (result == nullptr) return result;
  BIO_meth_set_read(result.get(), bio_read);
  BIO_meth_set_write(result.get(), bio_write);
  // OpenSSL flushes, and asks for nothing else that matters.
  BIO_meth_set_ctrl(result.get(), [](BIO*, int command, long, void*) -> long {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  });
  return result;
}

int TlsChannel::bio_read(BIO* bio, char* space, int size) {
  Bytes& left = static_cast<TlsChannel*>(BIO_get_data(bio))->received_;
  BIO_clear_retry_flags(bio);
  if (left.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t taken = std::min(left.size(), static_cast<std::size_t>(size));
  std::memcpy(space, left.data(), taken);
  left = left.subspan(taken);
  return static_cast<int>(taken);
}

int TlsChannel::bio_write(BIO* bio, const char* bytes, int size) {
  std::vector<std::byte>& unsent = static_cast<TlsChannel*>(BIO_get_data(bio))->buffers_.unsent;
  const auto written = std::as_bytes(std::span(bytes, static_cast<std::size_t>(size)));
  unsent.insert(unsent.end(), written.begin(), written.end());
  return size;
}

}  // namespace load
