#include "bench/load/echo_client.hpp"

namespace load {

EchoClient::EchoClient(Surroundings& surroundings, Tally& tally, Identity identity,
                       std::size_t piece)
    : Client(surroundings, tally, identity),
      piece_(piece),
      sent_(surroundings.pattern.start_of(identity.stream)),
      check_(pattern(), sent_, StreamCheck::Units::large) {}

std::uint32_t EchoClient::interest() const { return started_ ? EPOLLIN | EPOLLOUT : EPOLLIN; }

void EchoClient::on_writable() {
  if (!started_) return;
  write(pattern().at(sent_, piece_));
  sent_ += piece_;
}

void EchoClient::on_chunk(Chunk chunk) {
  check(check_, chunk);
  returned_ += chunk.size;
  tally().messages += returned_ / piece_;
  returned_ %= piece_;
}

}  // namespace load
