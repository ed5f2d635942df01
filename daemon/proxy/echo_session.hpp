// A session whose client gets back what it sends.
#pragma once

#include "daemon/proxy/session.hpp"

namespace spillway::proxy {

/// One connection and one pipe, whose source and sink are the same.
class EchoSession final : public Session {
 public:
  explicit EchoSession(Arrival arrival);

 private:
  overflow::Pipe& from_client() override { return pipe_; }
  overflow::Pipe& to_client() override { return pipe_; }
  void begin() override { enter_data(); }
  void close_rest() override {}
  void abort_rest() override {}
  [[nodiscard]] bool rest_is_gone() const override { return true; }
  void describe(observe::ConnectionRecord& record) const override;

  overflow::Pipe pipe_;
};

}  // namespace spillway::proxy
