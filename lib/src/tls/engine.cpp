#include "tls/engine.hpp"

#include "tls/client_hello.hpp"
#include "tls/failure.hpp"
#include "tls/session.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace spillway::tls {

namespace {

constexpr std::size_t record_size = SSL3_RT_MAX_PLAIN_LENGTH;
constexpr std::size_t record_overhead = SSL3_RT_HEADER_LENGTH + SSL3_RT_MAX_ENCRYPTED_OVERHEAD;

// Small buffers are joined here: 16 KiB for each thread instead of for each connection.
std::span<std::byte, record_size> joining_space() {
  thread_local std::array<std::byte, record_size> space;
  return space;
}

// After the handshake, messages of its kind (key updates, tickets, wishes to negotiate again) are
// few. Each may cost a key derivation: a peer that sends nothing else for a whole read would keep
// the loop busy for a fifth of a second.
constexpr std::uint8_t most_idle_messages = 32;

// What an earlier call left would be taken for this call's failure. Seldom is anything there, and
// looking costs a tenth of clearing.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

// Makes a key empty. Its type is the cheapest way to: OpenSSL gives up the old key first.
void forget(EVP_PKEY* key) {
  const KeyPtr owned(key);
  EVP_PKEY_set_type(owned.get(), EVP_PKEY_X25519);
}

// OpenSSL keeps both keys of the exchange until the end, half a kilobyte that nobody asks for; and
// who gets at the memory of an open connection would have what its traffic keys were made from.
void forget_key_exchange(SSL* ssl) {
  EVP_PKEY* key = nullptr;
  if (SSL_get_tmp_key(ssl, &key) == 1) forget(key);
  if (SSL_get_peer_tmp_key(ssl, &key) == 1) forget(key);
}

std::size_t total_size(BufferList buffers) {
  std::size_t total = 0;
  for (const Bytes buffer : buffers) total += buffer.size();
  return total;
}

}  // namespace

Engine::Engine(SslPtr ssl) : ssl_(std::move(ssl)) {
  // What a client is going to ask for; a server learns it.
  if (const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name)) {
    server_name_ = name;
  }
  // Buffers for records exist only while a record is under way: thousands of handshakes may be, and
  // idle sessions. SSL_free_buffers() would give them back, too, but walks 65 cache lines for it.
  SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_set_msg_callback(ssl_.get(), on_message);
  SSL_set_msg_callback_arg(ssl_.get(), this);
}

// OpenSSL reads on over such messages inside one SSL_read; cutting the wire is what stops it.
void Engine::on_message(int write, int, int type, const void* bytes, std::size_t size, SSL*,
                        void* engine) noexcept {
  auto& self = *static_cast<Engine*>(engine);
  if (write != 0 || self.status_ == LayerStatus::handshaking || size == 0) return;
  // The type of a record is in its header, and in TLS 1.3 the true one inside.
  if (type != SSL3_RT_HEADER && type != SSL3_RT_INNER_CONTENT_TYPE) return;
  if (*static_cast<const unsigned char*>(bytes) != SSL3_RT_HANDSHAKE) return;
  if (++self.idle_messages_ > most_idle_messages) Wire::of_this_thread().cut();
}

LayerStatus Engine::set_up(LayerOutput output) {
  // The client begins.
  if (SSL_is_server(ssl_.get()) == 1) return status_;
  const Wire::Call call(ssl_.get(), {}, output.down);
  shake_hands();
  return status_;
}

LayerStatus Engine::incoming(Bytes wire, LayerOutput output) {
  const Wire::Call call(ssl_.get(), wire, output.down);
  heard_peer_ = true;
  if (status_ == LayerStatus::handshaking) shake_hands();
  // In the same call: data may come right behind the Finished.
  if (status_ == LayerStatus::ready) decrypt(wire.size(), output.up);
  return status_;
}

LayerStatus Engine::outgoing(BufferList plain, LayerOutput output) {
  const std::size_t total = total_size(plain);
  if (total == 0) return status_;
  const Wire::Call call(ssl_.get(), {}, output.down);
  output.down.prepare(total + (total / record_size + 1) * record_overhead);
  if (plain.size() == 1) {
    encrypt(plain.front());
  } else {
    encrypt_joined(plain);
  }
  return status_;
}

LayerStatus Engine::end_of_input(LayerOutput) {
  if (status_ == LayerStatus::handshaking) fail("stream ended during the TLS handshake");
  if (status_ == LayerStatus::ready) fail("stream ended without close_notify");
  return status_;
}

void Engine::say_goodbye(LayerOutput output) {
  if (!sends()) return;
  const Wire::Call call(ssl_.get(), {}, output.down);
  // Once: a second call would wait for the peer's, which incoming() does anyway.
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

void Engine::tear_down() noexcept {
  left_behind_ = std::make_unique<const TlsSession>(read());
  ssl_.reset();
}

TlsSession Engine::session() const { return left_behind_ ? *left_behind_ : read(); }

std::optional<TlsHandshake> Engine::handshake() const {
  if (!ssl_ || !sends()) return std::nullopt;
  const bool is_1_3 = SSL_version(ssl_.get()) == TLS1_3_VERSION;
  return TlsHandshake{.version = is_1_3 ? TlsVersion::tls_1_3 : TlsVersion::tls_1_2,
                      .resumed = SSL_session_reused(ssl_.get()) == 1};
}

TlsSession Engine::read() const {
  TlsSession session = read_session(ssl_.get());
  session.heard_peer = heard_peer_;
  session.server_name = server_name_;
  return session;
}

bool Engine::sends() const {
  return status_ == LayerStatus::ready || status_ == LayerStatus::finished;
}

void Engine::shake_hands() {
  forget_errors();
  const ServerNameNote note(server_name_);
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    status_ = LayerStatus::ready;
    forget_key_exchange(ssl_.get());
    return;
  }
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return;
    case SSL_ERROR_ZERO_RETURN:
      fail("the peer said goodbye during the TLS handshake");
      return;
    default:
      fail(explain_failure(ssl_.get()));
  }
}

void Engine::decrypt(std::size_t wire_size, ByteBuffer& up) {
  forget_errors();
  idle_messages_ = 0;
  // Plain bytes are never more than their records were; one record may have been begun earlier.
  const std::span<std::byte> room = up.prepare(wire_size + record_size);
  std::size_t filled = 0;
  std::size_t size = 0;
  bool more = true;
  while (more && SSL_read_ex(ssl_.get(), room.data() + filled, room.size() - filled, &size) == 1) {
    filled += size;
    idle_messages_ = 0;
    // To ask once more only to hear that nothing is left costs as much as a small record.
    more = !Wire::of_this_thread().is_read() || SSL_has_pending(ssl_.get()) == 1;
  }
  up.commit(filled);
  if (idle_messages_ > most_idle_messages) {
    fail("the peer sends TLS messages and no data");
  } else if (more) {
    note_end_of_data();
  }
}

// Why OpenSSL had no more data to give.
void Engine::note_end_of_data() {
  switch (SSL_get_error(ssl_.get(), 0)) {
    case SSL_ERROR_WANT_READ:
      return;
    case SSL_ERROR_ZERO_RETURN:
      status_ = LayerStatus::finished;
      return;
    default:
      fail(explain_failure(ssl_.get()));
  }
}

void Engine::encrypt(Bytes plain) {
  forget_errors();
  std::size_t taken = 0;
  // The wire takes everything, so a write is never partial.
  if (SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &taken) == 1) return;
  // OpenSSL cannot write while a message of the handshake's kind (a ticket, say) has come in part,
  // which takes a peer that splits one over records. Keeping the bytes would make on_sent a lie.
  fail(SSL_want_read(ssl_.get()) ? "the peer sent a TLS message in part"
                                 : explain_failure(ssl_.get()));
}

void Engine::encrypt_joined(BufferList plain) {
  const std::span<std::byte> space = joining_space();
  std::size_t joined = 0;
  for (Bytes buffer : plain) {
    while (!buffer.empty() && status_ != LayerStatus::failed) {
      if (joined == 0 && buffer.size() >= record_size) {
        const std::size_t full_records = buffer.size() - buffer.size() % record_size;
        encrypt(buffer.first(full_records));
        buffer = buffer.subspan(full_records);
        continue;
      }
      const std::size_t part = std::min(buffer.size(), record_size - joined);
      std::memcpy(space.data() + joined, buffer.data(), part);
      buffer = buffer.subspan(part);
      joined += part;
      if (joined == record_size) encrypt(space.first(std::exchange(joined, 0)));
    }
  }
  if (joined > 0 && status_ != LayerStatus::failed) encrypt(space.first(joined));
}

void Engine::fail(std::string why) {
  status_ = LayerStatus::failed;
  failure_ = std::make_unique<const std::string>(std::move(why));
}

}  // namespace spillway::tls
