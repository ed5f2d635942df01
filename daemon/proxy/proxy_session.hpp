// A session that relays between a client and an upstream server.
#pragma once

#include "daemon/proxy/session.hpp"

#include <spillway/connection.hpp>
#include <spillway/events.hpp>

namespace spillway::proxy {

/// Two connections and two equal pipes, each connection with TLS or without. The upstream is
/// dialled once the client is ready, so that somebody who never gets through the handshake costs it
/// nothing; what the client sends meanwhile waits in the queue (`pause`), or is not read yet.
class ProxySession final : public Session {
 public:
  ProxySession(const SessionContext& context, Arrival arrival, SessionOwner& owner);

 private:
  enum class UpstreamState { idle, connecting, open, gone };

  /// Both connections tell the same kinds of things: the client's go to the base class, the
  /// upstream's come in here.
  class UpstreamEvents final : public ClientEvents {
   public:
    explicit UpstreamEvents(ProxySession& session) : session_(session) {}
    void on_connected() override;
    void on_connection_failure(const Failure& failure) override;
    void on_received(Bytes data) override;
    void on_sent(SendToken token) override;
    void on_unthrottled() override;
    void on_end_of_stream() override;
    void on_closed(const Closed& closed) override;

   private:
    ProxySession& session_;
  };

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

  UpstreamEvents upstream_events_;
  UpstreamState upstream_state_ = UpstreamState::idle;
  TimePoint dialled_{};
  Duration connect_{};
  Connection upstream_;
  overflow::Pipe to_upstream_;
  overflow::Pipe to_client_;
};

}  // namespace spillway::proxy
