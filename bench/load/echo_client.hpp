// Sends without end and reads what returns, both at once.
#pragma once

#include "bench/load/client.hpp"

namespace load {

class EchoClient : public Client {
 public:
  EchoClient(Surroundings& surroundings, Tally& tally, Identity identity, std::size_t piece);

 protected:
  [[nodiscard]] Urgency urgency() const override { return Urgency::bulk; }
  [[nodiscard]] std::uint32_t interest() const override;
  [[nodiscard]] bool look() const override { return check_.due(); }
  void on_start() override { started_ = true; }
  void on_writable() override;
  void on_chunk(Chunk chunk) override;

 private:
  std::size_t piece_;
  bool started_ = false;
  std::uint64_t sent_;        // position in the pattern
  std::size_t returned_ = 0;  // of a piece
  StreamCheck check_;
};

}  // namespace load
