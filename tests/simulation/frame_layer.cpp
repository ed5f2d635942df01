#include "tests/simulation/frame_layer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace spillway::simulation {

namespace {

constexpr std::byte magic{0xA5};
constexpr std::size_t header_size = 4;
constexpr std::size_t longest_payload = 0xFFFF;
constexpr std::array<std::byte, 300> filling{};

}  // namespace

LayerStatus FrameLayer::set_up(LayerOutput output) {
  if (style_.round_trips == 0)
    status_ = LayerStatus::ready;
  else if (style_.opens)
    write(Kind::hello, {}, output);
  return finish_call(output);
}

LayerStatus FrameLayer::incoming(Bytes wire, LayerOutput output) {
  unparsed_.append(wire);
  while (take_frame(output)) {
  }
  return finish_call(output);
}

LayerStatus FrameLayer::outgoing(BufferList plain, LayerOutput output) {
  for (const Bytes buffer : plain) kept_.append(buffer);
  if (!random_.permille(style_.hold)) flush(output);
  return finish_call(output);
}

LayerStatus FrameLayer::end_of_input(LayerOutput output) {
  make_noise(output);
  if (status_ != LayerStatus::finished) fail("ended without a goodbye");
  return status_;
}

void FrameLayer::say_goodbye(LayerOutput output) {
  flush(output);
  write(Kind::goodbye, {}, output);
  said_goodbye_ = true;
}

void FrameLayer::chatter(LayerOutput output) {
  if (said_goodbye_) return;
  // Now and then more questions than an unread peer may have answered (SC-9).
  for (std::size_t left = random_.permille(30) ? 600 : 1; left > 0; --left) {
    const Bytes payload = Bytes(filling).first(random_.below(filling.size()));
    write(random_.coin() ? Kind::question : Kind::noise, payload, output);
  }
}

bool FrameLayer::take_frame(LayerOutput output) {
  const Bytes bytes = unparsed_.data();
  if (status_ == LayerStatus::failed || status_ == LayerStatus::finished) return false;
  if (!bytes.empty() && bytes[0] != magic) fail("a frame without the magic byte");
  if (status_ == LayerStatus::failed || bytes.size() < header_size) return false;
  const std::size_t size =
      std::to_integer<std::size_t>(bytes[2]) << 8 | std::to_integer<std::size_t>(bytes[3]);
  if (bytes.size() < header_size + size) return false;
  handle(static_cast<Kind>(bytes[1]), bytes.subspan(header_size, size), output);
  unparsed_.consume(header_size + size);
  return true;
}

void FrameLayer::handle(Kind kind, Bytes payload, LayerOutput output) {
  switch (kind) {
    case Kind::hello:
      return hear_hello(output);
    case Kind::data:
      if (status_ != LayerStatus::ready) return fail("data before the handshake");
      return output.up.append(payload);
    case Kind::question:
      // Also behind our own goodbye: receiving goes on, and TLS answers a KeyUpdate then as well.
      return write(Kind::answer, payload, output);
    case Kind::noise:
    case Kind::answer:
      return;
    case Kind::goodbye:
      if (status_ != LayerStatus::ready) return fail("a goodbye before the handshake");
      status_ = LayerStatus::finished;
      return;
  }
  fail("a frame of an unknown kind");
}

// The opening side says the first hello and hears the last one.
void FrameLayer::hear_hello(LayerOutput output) {
  if (status_ != LayerStatus::handshaking) return fail("a hello too many");
  ++hellos_;
  const bool ready = hellos_ == style_.round_trips;
  if (!style_.opens || !ready) write(Kind::hello, {}, output);
  if (ready) status_ = LayerStatus::ready;
}

void FrameLayer::write(Kind kind, Bytes payload, LayerOutput output) {
  const std::array<std::byte, header_size> header{magic, static_cast<std::byte>(kind),
                                                  static_cast<std::byte>(payload.size() >> 8),
                                                  static_cast<std::byte>(payload.size() & 0xFF)};
  output.down.append(header);
  output.down.append(payload);
}

void FrameLayer::flush(LayerOutput output) {
  while (!kept_.empty()) {
    const std::size_t most = std::min(kept_.size(), longest_payload);
    const std::size_t size = random_.coin() ? most : random_.between(1, most);
    write(Kind::data, kept_.data().first(size), output);
    kept_.consume(size);
    make_noise(output);
  }
}

void FrameLayer::make_noise(LayerOutput output) {
  if (said_goodbye_ || !random_.permille(style_.noise)) return;
  write(Kind::noise, Bytes(filling).first(random_.below(filling.size())), output);
}

LayerStatus FrameLayer::finish_call(LayerOutput output) {
  if (status_ == LayerStatus::failed) return status_;
  make_noise(output);
  if (random_.permille(style_.fail)) fail("as it was told to");
  return status_;
}

void FrameLayer::fail(std::string why) {
  status_ = LayerStatus::failed;
  failure_ = std::move(why);
}

}  // namespace spillway::simulation
