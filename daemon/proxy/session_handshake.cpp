// What is told and counted of a client's handshake.
#include "daemon/proxy/session.hpp"

namespace spillway::proxy {

using config::LogLevel;
using observe::Event;

void Session::count_handshake() {
  if (tls_ == nullptr) return;
  const auto handshake = tls_->handshake();
  if (!handshake) return;
  observe::HandshakeCounters& counters = metrics().handshakes;
  auto& done = handshake->version == TlsVersion::tls_1_3 ? counters.tls_1_3 : counters.tls_1_2;
  ++(handshake->resumed ? done.resumed : done.full);
}

// Somebody who connects and leaves without a word (a port scan, a load balancer's health check)
// is no failed handshake.
void Session::note_failed_handshake(const Failure& failure) {
  if (tls_ == nullptr) return;
  observe::HandshakeCounters& counters = metrics().handshakes;
  const TlsSession session = tls_->session();
  const bool left =
      failure.reason == FailureReason::peer_ended || failure.reason == FailureReason::reset;
  if (left && !session.heard_peer) {
    ++counters.unheard;
    return;
  }
  const bool too_slow = failure.reason == FailureReason::handshake_timeout;
  ++(too_slow ? counters.timed_out : counters.failed);
  const std::string_view reason =
      failure.detail.empty() ? to_string(failure.reason) : std::string_view(failure.detail);
  context().log.write(Event(LogLevel::info, "handshake_failed")
                          .with("conn", id_)
                          .with("route", config().name)
                          .with("listen", entrance_->listen)
                          .with("peer", client_.peer_address())
                          .with("sni", session.server_name)
                          .with("reason", reason));
}

}  // namespace spillway::proxy
