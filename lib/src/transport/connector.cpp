#include "transport/connect_race.hpp"

#include <spillway/connector.hpp>
#include <spillway/event_loop.hpp>

#include <utility>

namespace spillway {

namespace {

/// The owner's end of a race.
class Connector final : public Dial {
 public:
  Connector(EventLoop& loop, Resolver& resolver, Endpoint target, ConnectorOptions options)
      : loop_(loop),
        race_(std::make_unique<ConnectRace>(loop, resolver, std::move(target), options)) {}

  ~Connector() override {
    race_->cancel();
    loop_.retire(std::move(race_));
  }

  void start(DialObserver& observer) override { race_->start(observer); }

 private:
  EventLoop& loop_;
  std::unique_ptr<ConnectRace> race_;
};

}  // namespace

std::unique_ptr<Dial> make_connector(EventLoop& loop, Resolver& resolver, Endpoint target,
                                     ConnectorOptions options) {
  return std::make_unique<Connector>(loop, resolver, std::move(target), options);
}

}  // namespace spillway
