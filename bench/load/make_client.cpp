#include "bench/load/make_client.hpp"

#include "bench/load/cycle_client.hpp"
#include "bench/load/download_client.hpp"
#include "bench/load/echo_client.hpp"
#include "bench/load/failure.hpp"
#include "bench/load/ping_pong_client.hpp"
#include "bench/load/silent_client.hpp"

namespace load {

std::unique_ptr<Client> make_client(const Group& group, Surroundings& surroundings, Tally& tally,
                                    Identity identity) {
  switch (group.kind) {
    case Kind::download:
      return std::make_unique<DownloadClient>(surroundings, tally, std::move(identity));
    case Kind::echo:
      return std::make_unique<EchoClient>(surroundings, tally, std::move(identity), group.bytes);
    case Kind::pingpong:
      return std::make_unique<PingPongClient>(surroundings, tally, std::move(identity),
                                              group.bytes);
    case Kind::handshake:
    case Kind::resume:
    case Kind::churn:
      return std::make_unique<CycleClient>(surroundings, tally, std::move(identity), group.kind);
    case Kind::idle:
      return std::make_unique<IdleClient>(surroundings, tally, std::move(identity));
    case Kind::stalled:
      return std::make_unique<StalledClient>(surroundings, tally, std::move(identity));
  }
  throw Failure("no client for this kind of group");
}

}  // namespace load
