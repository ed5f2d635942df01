// A small protocol layer for tests: everything that a layer may do, readable on the wire.
#pragma once

#include <spillway/interceptor.hpp>

#include <string>

namespace spillway::testing {

/// What a Parley layer does and what was done to it. Outlives the layer.
struct ParleyScript {
  std::string greeting;         // goes down at set-up
  bool waits_for_hello = true;  // ready only when "hello;" came
  bool fails_at_set_up = false;
  bool fails_outgoing = false;
  std::string before_outgoing;  // protocol bytes that go down before each send
  std::string up_at_outgoing;   // plain bytes that go up at each send
  int set_ups = 0;
  int tear_downs = 0;
};

/// Units end with ';'. Application data is "<data>;" (no '<', '>' or ';' in it, except when Parley
/// layers are stacked: they nest). Coming in: "hello;" makes it ready, "ping;" is answered with
/// "pong;", "end;" ends the peer's side, "bad;" fails. The goodbye is "end;".
class ParleyLayer final : public Interceptor {
 public:
  explicit ParleyLayer(ParleyScript& script) : script_(script) {}

  LayerStatus set_up(LayerOutput output) override {
    ++script_.set_ups;
    output.down.append(as_bytes(script_.greeting));
    if (script_.fails_at_set_up) return LayerStatus::failed;
    status_ = script_.waits_for_hello ? LayerStatus::handshaking : LayerStatus::ready;
    return status_;
  }

  LayerStatus incoming(Bytes wire, LayerOutput output) override {
    partial_ += as_text(wire);
    for (std::size_t size = unit_size(); size > 0; size = unit_size()) {
      const std::string unit = partial_.substr(0, size - 1);
      partial_.erase(0, size);
      take(unit, output);
      if (status_ == LayerStatus::failed || status_ == LayerStatus::finished) break;
    }
    return status_;
  }

  LayerStatus outgoing(BufferList plain, LayerOutput output) override {
    output.down.append(as_bytes(script_.before_outgoing));
    output.up.append(as_bytes(script_.up_at_outgoing));
    if (script_.fails_outgoing) return status_ = LayerStatus::failed;
    std::string data;
    for (const Bytes& buffer : plain) data += as_text(buffer);
    if (!data.empty()) output.down.append(as_bytes("<" + data + ">;"));
    return status_;
  }

  LayerStatus end_of_input(LayerOutput) override {
    return status_ = status_ == LayerStatus::finished ? status_ : LayerStatus::failed;
  }

  void say_goodbye(LayerOutput output) override { output.down.append(as_bytes("end;")); }
  void tear_down() noexcept override { ++script_.tear_downs; }
  [[nodiscard]] std::string failure() const override { return "parley failed"; }

 private:
  // A unit ends at the first ';' outside of angle brackets.
  [[nodiscard]] std::size_t unit_size() const {
    int depth = 0;
    for (std::size_t i = 0; i < partial_.size(); ++i) {
      if (partial_[i] == '<') ++depth;
      if (partial_[i] == '>') --depth;
      if (partial_[i] == ';' && depth == 0) return i + 1;
    }
    return 0;
  }

  void take(const std::string& unit, LayerOutput output) {
    if (unit == "hello") {
      status_ = LayerStatus::ready;
    } else if (unit == "ping") {
      output.down.append(as_bytes("pong;"));
    } else if (unit == "end") {
      status_ = LayerStatus::finished;
    } else if (unit.size() >= 2 && unit.front() == '<' && status_ == LayerStatus::ready) {
      output.up.append(as_bytes(std::string_view(unit).substr(1, unit.size() - 2)));
    } else {
      output.down.append(as_bytes("alert;"));
      status_ = LayerStatus::failed;
    }
  }

  ParleyScript& script_;
  std::string partial_;
  LayerStatus status_ = LayerStatus::handshaking;
};

}  // namespace spillway::testing
