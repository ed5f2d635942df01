// A layer that holds its connection to the interceptor's contract.
#pragma once

#include "tests/simulation/verdict.hpp"

#include <spillway/interceptor.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace spillway::simulation {

/// What became of one layer; outlives it.
struct LayerRecord {
  LayerStatus status = LayerStatus::handshaking;
  bool set_up = false;
  bool input_ended = false;
  /// Failed because its input ended.
  bool truncated = false;
  int goodbyes = 0;
  int tear_downs = 0;
  bool destroyed = false;
  /// Bytes that it put out in each direction.
  std::size_t up = 0;
  std::size_t down = 0;
  const LayerRecord* above = nullptr;

  [[nodiscard]] bool ready() const {
    return status == LayerStatus::ready || status == LayerStatus::finished;
  }
  [[nodiscard]] bool failed() const { return status == LayerStatus::failed; }
};

/// Passes everything on to another layer and checks the order of the calls (SC-27).
class WatchedLayer final : public Interceptor {
 public:
  /// `below` is the layer nearer to the wire, if there is one.
  WatchedLayer(std::unique_ptr<Interceptor> layer, LayerRecord& record, const LayerRecord* below,
               Verdict& verdict);
  ~WatchedLayer() override;

  LayerStatus set_up(LayerOutput output) override;
  LayerStatus incoming(Bytes wire, LayerOutput output) override;
  LayerStatus outgoing(BufferList plain, LayerOutput output) override;
  LayerStatus end_of_input(LayerOutput output) override;
  void say_goodbye(LayerOutput output) override;
  void tear_down() noexcept override;
  [[nodiscard]] std::string failure() const override;

 private:
  template <class Call>
  LayerStatus count(LayerOutput output, Call call);
  void require_live(std::string_view call);

  std::unique_ptr<Interceptor> layer_;
  LayerRecord& record_;
  const LayerRecord* below_;
  Verdict& verdict_;
};

}  // namespace spillway::simulation
