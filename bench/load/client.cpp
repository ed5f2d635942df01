#include "bench/load/client.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/plain_channel.hpp"
#include "bench/load/socket.hpp"

#include <algorithm>

namespace load {

Client::Client(Surroundings& surroundings, Tally& tally, Identity identity)
    : surroundings_(surroundings), tally_(tally), identity_(std::move(identity)) {}

std::string Client::name() const {
  return identity_.group + ", connection " + std::to_string(identity_.number) + " to " +
         identity_.target.text() + ": ";
}

void Client::open() {
  try {
    connect();
  } catch (const ConnectionLost& loss) {
    lost(loss.what());
  }
}

void Client::start() {
  try {
    on_start();
    if (channel_ == nullptr) return;
    channel_->flush();
    watch();
  } catch (const ConnectionLost& loss) {
    lost(loss.what());
  }
}

void Client::on_ready(std::uint32_t events) {
  try {
    turn(events);
  } catch (const ConnectionLost& loss) {
    lost(loss.what());
  }
}

void Client::connect() {
  Descriptor socket = connect_to(identity_.target);
  if (surroundings_.tls != nullptr) {
    channel_ = std::make_unique<TlsChannel>(std::move(socket), *surroundings_.tls,
                                            surroundings_.buffers, memory(), resumption_);
  } else {
    channel_ = std::make_unique<PlainChannel>(std::move(socket), surroundings_.buffers);
  }
  phase_ = Phase::establishing;
  establish();
  channel_->flush();  // if it is not connected yet, the kernel refuses: nothing else to wait for
  watched_ = EPOLLIN | (channel_->flushed() ? 0U : EPOLLOUT);
  surroundings_.loop.add(channel_->socket(), urgency(), watched_, *this);
}

void Client::turn(std::uint32_t events) {
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0) channel_->receive();
  if (phase_ == Phase::establishing) establish();
  if (phase_ != Phase::establishing) take_chunks();
  if ((events & EPOLLOUT) != 0) channel_->flush();
  if ((events & EPOLLOUT) != 0 && phase_ == Phase::streaming && channel_->flushed()) on_writable();
  channel_->flush();
  watch();
  on_turn_end();
}

void Client::establish() {
  if (!channel_->establish()) return;
  channel_->write(greeting().bytes());
  answered_ = 0;
  phase_ = Phase::choosing;
}

void Client::take_chunks() {
  for (;;) {
    Chunk chunk = channel_->next_chunk(phase_ == Phase::choosing || look());
    if (chunk.empty()) return;
    heard_ = true;
    if (phase_ == Phase::choosing) chunk = take_answer(chunk);
    if (chunk.empty()) continue;
    tally_.bytes_down += chunk.size;
    on_chunk(chunk);
  }
}

Chunk Client::take_answer(Chunk chunk) {
  const Greeting expected = greeting();
  const Bytes left = expected.bytes().subspan(answered_);
  const Bytes came = Bytes(chunk.data, chunk.size).first(std::min(left.size(), chunk.size));
  if (!std::ranges::equal(came, left.first(came.size()))) {
    throw Failure(name() + "the answer to the first byte is not that byte");
  }
  answered_ += came.size();
  if (came.size() == left.size()) {
    phase_ = Phase::streaming;
    ++surroundings_.set_up;
    on_set_up();
  }
  return {chunk.size - came.size(), chunk.data + came.size()};
}

Greeting Client::greeting() const {
  return {static_cast<std::byte>(choice()), surroundings_.pattern};
}

void Client::write(Bytes bytes) {
  channel_->write(bytes);
  tally_.bytes_up += bytes.size();
}

void Client::check(StreamCheck& stream, Chunk chunk, bool ends_unit) {
  if (stream.due()) {
    if (const auto fault = stream.compare({chunk.data, chunk.size})) throw Failure(name() + *fault);
    tally_.checked_bytes += chunk.size;
  } else {
    stream.skip(chunk.size);
  }
  if (ends_unit) stream.end_unit();
}

void Client::watch() {
  const std::uint32_t wanted =
      (phase_ == Phase::streaming ? interest() : EPOLLIN) | (channel_->flushed() ? 0U : EPOLLOUT);
  if (wanted == watched_) return;
  surroundings_.loop.change(channel_->socket(), urgency(), wanted, *this);
  watched_ = wanted;
}

void Client::close() {
  channel_->finish();
  channel_->flush();
  channel_.reset();
}

void Client::lost(const std::string& why) {
  channel_.reset();
  on_lost(why);
}

void Client::on_lost(const std::string& why) { throw Failure(name() + why); }

}  // namespace load
