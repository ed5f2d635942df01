#include "daemon/proxy/echo_session.hpp"

#include <utility>

namespace spillway::proxy {

EchoSession::EchoSession(Arrival arrival)
    : Session(std::move(arrival)),
      pipe_(entrance().to_client, *this, {.source = client(), .sink = client()}) {}

void EchoSession::describe(observe::ConnectionRecord& record) const {
  record.down = pipe_.figures();
}

}  // namespace spillway::proxy
