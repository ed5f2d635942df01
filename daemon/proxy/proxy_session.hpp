// A session that relays between a client and an upstream server.
#pragma once

#include "daemon/proxy/session.hpp"

#include <spillway/connection.hpp>
#include <spillway/events.hpp>

#include <cstdint>

namespace spillway::proxy {

class ProxySession;

/// Both connections tell the same kinds of things: the client's go to Session, the upstream's come
/// in here. A base, so that it finds its session without a reference.
class UpstreamEvents : public ClientEvents {
 private:
  void on_connected() override;
  void on_connection_failure(const Failure& failure) override;
  void on_received(Bytes data) override;
  void on_sent(SendToken token) override;
  void on_unthrottled() override;
  void on_end_of_stream() override;
  void on_closed(const Closed& closed) override;

  ProxySession& self();
};

/// Two connections and two equal pipes, each connection with TLS or without. The upstream is
/// dialled once the client is ready, so that somebody who never gets through the handshake costs it
/// nothing; what the client sends meanwhile waits in the queue (`pause`), or is not read yet.
class ProxySession final : public Session, private UpstreamEvents {
 public:
  explicit ProxySession(Arrival arrival);

 private:
  friend class UpstreamEvents;
  enum class UpstreamState : std::uint8_t { idle, connecting, open, gone };

  overflow::Pipe& from_client() override { return to_upstream_; }
  overflow::Pipe& to_client() override { return to_client_; }
  void begin() override;
  void close_rest() override { upstream_.close(); }
  void abort_rest() override { upstream_.hard_close(); }
  [[nodiscard]] bool rest_is_gone() const override;
  void describe(observe::ConnectionRecord& record) const override;
  Connection dial();
  [[nodiscard]] bool keeps_early_bytes() const;
  void note_failed_server(const Endpoint& server, const Failure& failure);
  void note_failed_connect(const Failure& failure);
  [[nodiscard]] std::string words_for(const Failure& failure) const;

  Duration connect_{};
  Connection upstream_;
  overflow::Pipe to_upstream_;
  [[no_unique_address]] overflow::Pipe to_client_;  // leaves room in its last word
  UpstreamState upstream_state_ = UpstreamState::idle;
};

}  // namespace spillway::proxy
