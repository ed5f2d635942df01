// A client of the proxy; the kinds of groups derive from it.
#pragma once

#include "bench/load/address.hpp"
#include "bench/load/channel.hpp"
#include "bench/load/event_loop.hpp"
#include "bench/load/greeting.hpp"
#include "bench/load/pattern.hpp"
#include "bench/load/shared_buffers.hpp"
#include "bench/load/stream_check.hpp"
#include "bench/load/tally.hpp"
#include "bench/load/tls_channel.hpp"
#include "bench/load/tls_client.hpp"

#include <memory>
#include <string>
#include <utility>

namespace load {

/// What all clients share.
struct Surroundings {
  EventLoop& loop;
  SharedBuffers& buffers;
  const Pattern& pattern;
  const TlsClient* tls;    // none: plain TCP
  std::size_t set_up = 0;  // clients that were
};

/// Who a client is.
struct Identity {
  std::string group;
  std::size_t number = 0;  // in its group, from 1
  std::size_t stream = 0;  // among all clients: makes its bytes different
  Address target;
};

class Client : public Ready {
 public:
  Client(Surroundings& surroundings, Tally& tally, Identity identity);

  /// Connects, establishes TLS, chooses what the backend does and awaits its answer.
  /// THROWS like all that follows: Failure when the run cannot go on.
  void open();
  /// Everybody is set up.
  void start();
  /// "GROUP, connection N to ADDR: ".
  [[nodiscard]] std::string name() const;
  /// Whether its connection is there from beginning to end.
  [[nodiscard]] virtual bool stays() const { return true; }
  /// Whether something should come all the time.
  [[nodiscard]] virtual bool expects_bytes() const { return true; }
  /// Whether something has come since this was asked before.
  [[nodiscard]] bool heard() { return std::exchange(heard_, false); }
  /// Whether the (latest) connection has got so far.
  [[nodiscard]] bool is_set_up() const { return phase_ == Phase::streaming; }

  [[nodiscard]] Tally& tally() { return tally_; }

  void on_ready(std::uint32_t events) final;

 protected:
  [[nodiscard]] virtual Urgency urgency() const = 0;
  [[nodiscard]] virtual char choice() const { return 'e'; }
  [[nodiscard]] virtual TlsChannel::Memory memory() const { return TlsChannel::Memory::kept; }
  /// What to wait for after set-up; unsent bytes are taken care of.
  [[nodiscard]] virtual std::uint32_t interest() const { return EPOLLIN; }
  /// Whether to be shown the bytes of the next chunk.
  [[nodiscard]] virtual bool look() const { return true; }
  virtual void on_set_up() {}
  virtual void on_start() {}
  virtual void on_chunk(Chunk chunk) = 0;
  /// The kernel wants more, and nothing is left unsent.
  virtual void on_writable() {}
  virtual void on_turn_end() {}
  virtual void on_lost(const std::string& why);

  void write(Bytes bytes);
  void check(StreamCheck& stream, Chunk chunk, bool ends_unit = true);
  /// Tells the proxy, and closes.
  void close();
  [[nodiscard]] const Pattern& pattern() const { return surroundings_.pattern; }
  [[nodiscard]] Resumption& resumption() { return resumption_; }

 private:
  enum class Phase { establishing, choosing, streaming };

  void connect();
  void turn(std::uint32_t events);
  void establish();
  void take_chunks();
  Chunk take_answer(Chunk chunk);
  [[nodiscard]] Greeting greeting() const;
  void watch();
  void lost(const std::string& why);

  Surroundings& surroundings_;
  Tally& tally_;
  Identity identity_;
  Phase phase_ = Phase::establishing;
  std::size_t answered_ = 0;  // of the greeting
  std::uint32_t watched_ = 0;
  bool heard_ = false;
  Resumption resumption_;
  std::unique_ptr<Channel> channel_;
};

}  // namespace load
