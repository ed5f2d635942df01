// Reads what the backend sends without end.
#pragma once

#include "bench/load/client.hpp"

namespace load {

class DownloadClient : public Client {
 public:
  using Client::Client;

 protected:
  [[nodiscard]] Urgency urgency() const override { return Urgency::bulk; }
  [[nodiscard]] char choice() const override { return 'd'; }
  [[nodiscard]] bool look() const override { return start_bytes_left_ > 0 || check_.due(); }
  void on_chunk(Chunk chunk) override;

 private:
  Chunk take_start(Chunk chunk);

  std::size_t start_bytes_left_ = 2;
  std::uint64_t start_ = 0;  // where in the pattern the stream begins: its first two bytes say so
  StreamCheck check_{pattern(), start_, StreamCheck::Units::large};
};

}  // namespace load
