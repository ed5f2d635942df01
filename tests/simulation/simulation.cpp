#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace spillway::simulation {

namespace {

constexpr std::size_t steps_of_a_run = 300;
constexpr Interest everything{.readable = true, .writeable = true};

std::size_t some_room(Random& random) {
  const std::size_t kind = random.below(10);
  if (kind < 4) return Socket::unlimited;
  if (kind < 6) return 0;
  if (kind < 8) return random.between(1, 100);
  return random.between(100, 40'000);
}

std::size_t some_limit(Random& random) {
  return random.coin() ? Socket::unlimited : random.one_of({1, 7, 100, 5000});
}

std::size_t some_chunk(Random& random) {
  const std::size_t kind = random.below(10);
  if (kind < 4) return Socket::unlimited;
  if (kind < 6) return random.between(1, 6);
  return random.between(7, 20'000);
}

Temper some_temper(Random& random) {
  Temper temper;
  temper.style = {.round_trips = random.below(3),
                  .noise = random.one_of({0, 20, 200}),
                  .hold = random.one_of({0, 0, 0, 100}),
                  .fail = random.one_of({0, 0, 0, 0, 3})};
  temper.lively = random.one_of({0, 100, 300, 600});
  temper.ends = random.one_of({0, 0, 5, 5, 40});
  temper.breaks = random.one_of({0, 0, 5, 40});
  // A layer that holds bytes back would hold back the handshake of one on top of it.
  if (temper.style.hold == 0 && random.permille(400)) temper.upgrades = 2;
  return temper;
}

}  // namespace

Simulation::Simulation(Plan plan)
    : plan_(std::move(plan)), world_(plan_.seed, plan_.fault, plan_.trace) {
  start_tls_run(plan_.seed);
}

Outcome Simulation::run() {
  begin();
  while (!done() && steps_ < steps_of_a_run) {
    step();
    check();
  }
  if (!done()) wind_down();
  application_.reset();
  world_.scheduler.run_turn();
  if (world_.socket.attached()) {
    world_.verdict.require(world_.socket.destroyed(), "the transport is destroyed in the end");
    world_.verdict.require(world_.socket.over(), "the transport is closed or aborted in the end");
    world_.verdict.require(world_.layers.all_torn_down(), "SC-27: every layer is torn down");
  }
  Outcome outcome{.steps = steps_, .violation = std::nullopt};
  if (world_.verdict.broken()) outcome.violation = world_.verdict.words();
  return outcome;
}

bool Simulation::done() const {
  const Model& model = world_.model;
  return world_.verdict.broken() || model.gone() || (model.over() && model.told_last());
}

void Simulation::begin() {
  Random& random = world_.random;
  world_.temper = some_temper(random);
  world_.side = random.coin() ? Side::server : Side::client;
  world_.options.handshake_timeout = std::chrono::milliseconds(random.one_of({0, 100, 10'000}));
  world_.options.linger_timeout = std::chrono::milliseconds(random.one_of({100, 5000}));
  world_.socket.limit_writes(some_limit(random));
  world_.socket.limit_reads(some_limit(random));
  Layers layers = build();
  application_ = std::make_unique<Application>(world_);
  if (world_.side == Side::client && random.coin()) {
    application_->dial(std::make_unique<SlowDial>(dial_), std::move(layers));
  } else {
    world_.model.dialled();
    if (world_.side == Side::server)
      application_->serve(std::move(layers));
    else
      application_->take_connected(std::move(layers));
  }
  check();
}

Layers Simulation::build() {
  const std::size_t kind = world_.random.below(100);
  const Mode chosen = kind < 35 ? Mode::plain : kind < 70 ? Mode::layered : Mode::tls;
  switch (plan_.mode.value_or(chosen)) {
    case Mode::plain:
      return {};
    case Mode::layered:
      return build_layered();
    case Mode::tls:
      return build_tls();
  }
  return {};
}

void Simulation::stack(Layers& layers, LayerPair pair) {
  layers.push_back(world_.layers.watch(std::move(pair.near)));
  world_.peer.push(std::move(pair.far));
}

Layers Simulation::build_layered() {
  Layers layers;
  FrameStyle below = world_.temper.style;
  if (world_.random.coin()) {
    below.hold = 0;
    stack(layers, frame_pair(world_.side, below, world_.random));
  }
  stack(layers, frame_pair(world_.side, world_.temper.style, world_.random));
  return layers;
}

Layers Simulation::build_tls() {
  world_.temper.style.hold = 0;
  Layers layers;
  const std::size_t kind = world_.random.below(10);
  if (kind == 0) stack(layers, tls_pair(world_.side, world_.random));
  if (kind == 1) stack(layers, frame_pair(world_.side, world_.temper.style, world_.random));
  stack(layers, tls_pair(world_.side, world_.random));
  return layers;
}

void Simulation::check() {
  ++steps_;
  world_.model.check(application_->connection(), !world_.scheduler.has_work());
}

void Simulation::step() {
  if (dial_.waits() && world_.random.permille(300)) return dial_ends();
  if (world_.random.permille(world_.temper.breaks)) return break_something();
  const std::size_t kind = world_.random.below(100);
  if (kind < 34) return application_->act();
  if (kind < 68) return step_of_system();
  if (kind < 94) return step_of_peer();
  if (kind < 98) return step_of_time();
  settle();
}

void Simulation::dial_ends() {
  if (world_.random.permille(800)) {
    world_.trace.note("dialled");
    world_.model.dialled();
    return dial_.succeed(world_.socket.transport());
  }
  world_.trace.note("the dial fails");
  world_.model.dial_failed(FailureReason::refused);
  dial_.fail(FailureReason::refused);
}

void Simulation::step_of_system() {
  Random& random = world_.random;
  switch (random.below(9)) {
    case 0:
      world_.trace.note("room changes");
      return world_.socket.make_room(some_room(random));
    case 1:
      world_.trace.note("limits change");
      world_.socket.limit_reads(some_limit(random));
      return world_.socket.limit_writes(some_limit(random));
    case 2:
    case 3:
      world_.trace.note("turn");
      return world_.scheduler.run_turn();
    case 4:
      world_.trace.note("poll in part");
      world_.socket.poll({.readable = random.coin(), .writeable = random.coin()});
      return;
    case 5:
      world_.trace.note("poll errs");
      return world_.socket.poll_in_vain();
    default:
      world_.trace.note("poll");
      world_.socket.poll(everything);
  }
}

void Simulation::step_of_peer() {
  Random& random = world_.random;
  switch (random.below(6)) {
    case 0:
    case 1:
      world_.trace.note("the peer reads");
      return world_.peer_reads(some_chunk(random));
    case 2:
    case 3:
      world_.trace.note("bytes arrive");
      return world_.arrive(some_chunk(random));
    case 4:
      world_.trace.note("the peer chatters");
      return world_.peer.chatter(random);
    default:
      world_.trace.note("the peer sends");
      if (world_.peer_gone) return;
      return world_.peer.send(random.permille(20) ? random.between(1, 100'000)
                                                  : random.between(1, 2000));
  }
}

void Simulation::step_of_time() {
  const auto by = std::chrono::milliseconds(
      world_.random.permille(900) ? world_.random.below(200) : world_.random.below(9000));
  world_.trace.note("time passes: ", by.count(), " ms");
  world_.clock.advance(by);
  world_.scheduler.run_turn();
}

void Simulation::break_something() {
  namespace errc = boost::system::errc;
  Random& random = world_.random;
  const std::size_t kind = random.below(10);
  if (kind < 4) return peer_ends();
  if (kind < 7) {
    world_.trace.note("the connection is reset");
    if (!world_.socket.attached()) return;
    world_.socket.fail(random.permille(700) ? errc::connection_reset : errc::timed_out);
    world_.peer_gone = true;
  } else if (kind < 9) {
    world_.trace.note("writes break");
    const std::size_t more = random.coin() ? 0 : random.below(2000);
    world_.socket.break_writes(random.coin() ? errc::broken_pipe : errc::no_buffer_space, more);
  } else if (!world_.layers.empty() && world_.socket.attached()) {
    world_.trace.note("the peer sends garbage");
    world_.peer.send_garbage(random);
  }
}

void Simulation::peer_ends() {
  if (world_.peer_gone || !world_.socket.attached()) return;
  if (world_.random.permille(700)) {
    world_.trace.note("the peer says goodbye");
    world_.peer.say_goodbye();
    if (world_.random.coin()) return;
  }
  world_.trace.note("the peer ends");
  world_.arrive(Socket::unlimited);
  world_.peer_gone = true;
  world_.socket.end_input();
}

}  // namespace spillway::simulation
