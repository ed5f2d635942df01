#include "daemon/proxy/echo_session.hpp"

#include <utility>

namespace spillway::proxy {

EchoSession::EchoSession(const SessionContext& context, Arrival arrival, SessionOwner& owner)
    : Session(context, std::move(arrival), owner),
      pipe_(pipe_surroundings(observe::Direction::to_client),
            {.source = client(), .sink = client()}, config().to_client) {}

void EchoSession::describe(observe::ConnectionRecord& record) const {
  record.down = pipe_.figures();
}

}  // namespace spillway::proxy
