// Is there and does nothing.
#pragma once

#include "bench/load/client.hpp"
#include "bench/load/failure.hpp"

namespace load {

class IdleClient : public Client {
 public:
  using Client::Client;

  [[nodiscard]] bool expects_bytes() const override { return false; }

 protected:
  [[nodiscard]] Urgency urgency() const override { return Urgency::bulk; }
  [[nodiscard]] TlsChannel::Memory memory() const override { return TlsChannel::Memory::released; }
  void on_chunk(Chunk) override { throw Failure(name() + "bytes came that nobody sent"); }
};

/// A download that nobody reads once it is set up.
class StalledClient : public Client {
 public:
  using Client::Client;

  [[nodiscard]] bool expects_bytes() const override { return false; }

 protected:
  [[nodiscard]] Urgency urgency() const override { return Urgency::bulk; }
  [[nodiscard]] char choice() const override { return 'd'; }
  [[nodiscard]] TlsChannel::Memory memory() const override { return TlsChannel::Memory::released; }
  [[nodiscard]] std::uint32_t interest() const override { return EPOLLRDHUP; }
  void on_chunk(Chunk) override {}
  /// To close it may be the proxy's policy.
  void on_lost(const std::string& why) override;
};

}  // namespace load
