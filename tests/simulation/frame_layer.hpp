// A small protocol with everything that a layer may do.
#pragma once

#include "tests/simulation/random.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/interceptor.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace spillway::simulation {

/// How a FrameLayer behaves. Shares are in permille of the calls.
struct FrameStyle {
  /// Messages that each side has to hear before it is ready; 0 = ready at once. The same for both
  /// sides.
  std::size_t round_trips = 1;
  /// The side that speaks first.
  bool opens = false;
  /// Protocol bytes of its own in any call.
  std::size_t noise = 0;
  /// Keeps what is sent for a later call.
  std::size_t hold = 0;
  std::size_t fail = 0;
};

/// Bytes go in frames: a magic byte, a kind, a length, the payload. Both sides of a connection use
/// one.
class FrameLayer final : public Interceptor {
 public:
  FrameLayer(const FrameStyle& style, Random random) : style_(style), random_(random) {}

  LayerStatus set_up(LayerOutput output) override;
  LayerStatus incoming(Bytes wire, LayerOutput output) override;
  LayerStatus outgoing(BufferList plain, LayerOutput output) override;
  LayerStatus end_of_input(LayerOutput output) override;
  void say_goodbye(LayerOutput output) override;
  void tear_down() noexcept override {}
  [[nodiscard]] std::string failure() const override { return failure_; }

  /// Protocol bytes out of nothing: noise, or a question that the other side answers.
  void chatter(LayerOutput output);

 private:
  enum class Kind : std::uint8_t { hello, data, noise, question, answer, goodbye };

  bool take_frame(LayerOutput output);
  void handle(Kind kind, Bytes payload, LayerOutput output);
  void hear_hello(LayerOutput output);
  void write(Kind kind, Bytes payload, LayerOutput output);
  void flush(LayerOutput output);
  void make_noise(LayerOutput output);
  LayerStatus finish_call(LayerOutput output);
  void fail(std::string why);

  FrameStyle style_;
  Random random_;
  LayerStatus status_ = LayerStatus::handshaking;
  std::string failure_;
  std::size_t hellos_ = 0;
  bool said_goodbye_ = false;
  ByteBuffer unparsed_;
  ByteBuffer kept_;
};

}  // namespace spillway::simulation
