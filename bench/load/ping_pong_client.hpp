// One message there and back, then the next.
#pragma once

#include "bench/load/client.hpp"

namespace load {

class PingPongClient : public Client {
 public:
  PingPongClient(Surroundings& surroundings, Tally& tally, Identity identity, std::size_t size);

 protected:
  [[nodiscard]] Urgency urgency() const override { return Urgency::prompt; }
  [[nodiscard]] bool look() const override { return check_.due(); }
  void on_start() override { send(EventLoop::Clock::now()); }
  void on_chunk(Chunk chunk) override;

 private:
  void send(EventLoop::Clock::time_point now);

  std::size_t size_;
  std::uint64_t sent_;    // position in the pattern
  std::size_t left_ = 0;  // of the answer
  EventLoop::Clock::time_point sent_at_;
  StreamCheck check_;
};

}  // namespace load
