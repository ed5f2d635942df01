// The application of a simulated connection: does anything, at any time.
#pragma once

#include "tests/simulation/ears.hpp"
#include "tests/simulation/world.hpp"

#include <spillway/connection.hpp>
#include <spillway/dial.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace spillway::simulation {

/// Owns the connection and tells the model of each of its calls and events.
class Application final : private Audience {
 public:
  explicit Application(World& world);

  // How the connection comes into being.
  void serve(Layers layers);
  void take_connected(Layers layers);
  void dial(std::unique_ptr<Dial> dial, Layers layers);

  /// Makes some call.
  void act();
  /// Callbacks do nothing from now on, or act again.
  void calm(bool yes) { calm_ = yes; }

  void unmute();
  void close();
  void hard_close();
  void let_go();

  [[nodiscard]] const Connection& connection() const { return connection_; }

 private:
  void start() override;
  void failure(const Failure& failure) override;
  void received(Bytes data) override;
  void sent(SendToken token) override;
  void throttled() override;
  void unthrottled() override;
  void end_of_stream() override;
  void tls_started() override;
  void closed(const Closed& closed) override;
  [[nodiscard]] bool is_muted() const override { return world_.model.muted(); }

  template <class Call>
  auto call(std::string_view name, Call made);
  template <class Told>
  void told(std::string_view name, Told tell_model);

  void act_inside();
  void send();
  void send_list();
  void send_buffers(BufferList buffers, std::size_t size);
  void end_something();
  void shut_down_send();
  void mute();
  void upgrade();
  void be_refused_an_upgrade(StartTlsError expected);

  World& world_;
  std::unique_ptr<Ears> ears_;
  Connection connection_;
  bool in_call_ = false;
  bool in_callback_ = false;
  bool calm_ = false;
};

}  // namespace spillway::simulation
