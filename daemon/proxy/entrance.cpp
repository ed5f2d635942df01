#include "daemon/proxy/entrance.hpp"

#include "daemon/proxy/session.hpp"

namespace spillway::proxy {

Entrance::Entrance(const SessionContext& loop, SessionOwner& sessions,
                   std::shared_ptr<const Route> of, std::shared_ptr<observe::RouteMetrics> counted,
                   std::string address)
    : context(loop),
      owner(sessions),
      route(std::move(of)),
      figures(std::move(counted)),
      metrics(*figures),
      listen(std::move(address)),
      to_client(loop.scheduler, loop.chunks, route->framing, route->config.to_client,
                observe::Direction::to_client, metrics.to_client),
      to_upstream(loop.scheduler, loop.chunks, route->framing, route->config.to_upstream,
                  observe::Direction::to_upstream, metrics.to_upstream) {}

}  // namespace spillway::proxy
