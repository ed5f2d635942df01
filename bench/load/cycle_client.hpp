// Connects, exchanges a few bytes and closes, again and again.
#pragma once

#include "bench/load/client.hpp"
#include "bench/load/group.hpp"

namespace load {

class CycleClient : public Client {
 public:
  CycleClient(Surroundings& surroundings, Tally& tally, Identity identity, Kind kind);

  [[nodiscard]] bool stays() const override { return false; }

 protected:
  [[nodiscard]] Urgency urgency() const override { return Urgency::prompt; }
  void on_start() override { begin(EventLoop::Clock::now()); }
  void on_set_up() override;
  void on_chunk(Chunk chunk) override;
  void on_turn_end() override;
  void on_lost(const std::string& why) override;

 private:
  void begin(EventLoop::Clock::time_point now);
  void send();
  void complete(EventLoop::Clock::duration latency);

  Kind kind_;
  bool is_first_ = true;  // there is no ticket yet
  std::size_t messages_left_ = 0;
  std::size_t bytes_left_ = 0;  // of the answer to the latest message
  std::uint64_t sent_;          // position in the pattern
  std::size_t lost_in_a_row_ = 0;
  EventLoop::Clock::time_point began_at_;
  StreamCheck check_;
};

}  // namespace load
