#include "connection/connection_core.hpp"

#include <spillway/connection.hpp>

#include <utility>

namespace spillway {

Connection::Connection() = default;
Connection::Connection(std::unique_ptr<ConnectionCore> core) : core_(std::move(core)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection::~Connection() { let_go(); }

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this != &other) {
    let_go();
    core_ = std::move(other.core_);
  }
  return *this;
}

void Connection::let_go() noexcept {
  if (!core_) return;
  core_->let_go();
  // It may be one of its own callbacks that lets it go.
  Scheduler& scheduler = core_->scheduler();
  scheduler.retire(std::move(core_));
}

Connection Connection::server(Scheduler& scheduler, std::unique_ptr<Transport> transport,
                              Layers layers, ServerEvents& events, ConnectionOptions options) {
  auto core =
      std::make_unique<ConnectionCore>(scheduler, Receiver(events), std::move(layers), options);
  core->start(std::move(transport));
  return Connection(std::move(core));
}

Connection Connection::client(Scheduler& scheduler, std::unique_ptr<Transport> transport,
                              Layers layers, ClientEvents& events, ConnectionOptions options) {
  auto core =
      std::make_unique<ConnectionCore>(scheduler, Receiver(events), std::move(layers), options);
  core->start(std::move(transport));
  return Connection(std::move(core));
}

Connection Connection::connect(Scheduler& scheduler, std::unique_ptr<Dial> dial, Layers layers,
                               ClientEvents& events, ConnectionOptions options) {
  auto core =
      std::make_unique<ConnectionCore>(scheduler, Receiver(events), std::move(layers), options);
  core->dial(std::move(dial));
  return Connection(std::move(core));
}

SendResult Connection::send(Bytes data) { return send(BufferList(&data, 1)); }

SendResult Connection::send(BufferList buffers) {
  if (!core_) return SendError::NotConnected;
  return core_->send(buffers);
}

bool Connection::is_writeable() const { return core_ && core_->is_writeable(); }

std::size_t Connection::pending_bytes() const { return core_ ? core_->pending_bytes() : 0; }

std::size_t Connection::unacknowledged_bytes() const {
  return core_ ? core_->unacknowledged_bytes() : 0;
}

void Connection::mute() {
  if (core_) core_->mute();
}

void Connection::unmute() {
  if (core_) core_->unmute();
}

bool Connection::is_muted() const { return core_ && core_->is_muted(); }

void Connection::limit_reads(std::size_t bytes) {
  if (core_) core_->limit_reads(bytes);
}

void Connection::shutdown_send() {
  if (core_) core_->shutdown_send();
}

void Connection::close() {
  if (core_) core_->close();
}

void Connection::hard_close() {
  if (core_) core_->hard_close();
}

boost::system::result<void, StartTlsError> Connection::start_tls(
    std::unique_ptr<Interceptor> layer) {
  if (!core_) return StartTlsError::NotConnected;
  return core_->start_tls(std::move(layer));
}

bool Connection::is_open() const { return core_ && core_->is_open(); }

std::string Connection::local_address() const {
  return core_ && core_->transport() ? core_->transport()->local_address() : std::string();
}

std::string Connection::peer_address() const {
  return core_ && core_->transport() ? core_->transport()->peer_address() : std::string();
}

}  // namespace spillway
