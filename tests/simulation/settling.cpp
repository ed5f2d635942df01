// How a run comes to rest, and what has to be true then.
#include "tests/simulation/simulation.hpp"

namespace spillway::simulation {

namespace {

constexpr int longest_flow = 20'000;

}  // namespace

// Everything that is under way arrives and everything that is ready is told, until nothing is left.
void Simulation::settle() {
  world_.trace.note("all comes to rest");
  if (dial_.waits()) dial_ends();
  application_->calm(true);
  world_.socket.make_room(Socket::unlimited);
  world_.socket.limit_writes(Socket::unlimited);
  world_.socket.limit_reads(Socket::unlimited);
  int rounds = 0;
  while (let_flow() && ++rounds < longest_flow && !world_.verdict.broken()) {
  }
  world_.verdict.require(rounds < longest_flow, "SC-19: a connection comes to rest");
  check_settled();
  application_->calm(false);
}

bool Simulation::let_flow() {
  Socket& socket = world_.socket;
  const bool flows = !socket.output().empty() || !world_.peer.under_way().empty();
  world_.peer_reads(Socket::unlimited);
  world_.arrive(Socket::unlimited);
  const bool polled = socket.poll();
  const bool worked = world_.scheduler.has_work();
  world_.scheduler.run_turn();
  return flows || polled || worked;
}

void Simulation::check_settled() {
  const Model& model = world_.model;
  Verdict& verdict = world_.verdict;
  check_stream();
  if (model.gone() || model.over() || !world_.socket.attached()) return;
  verdict.require(model.pending() == 0, "SC-19: pending bytes drain by themselves");
  const bool spoilt = world_.peer_gone || world_.peer.sent_garbage();
  if (spoilt) return;
  if (!model.sends_ended()) {
    verdict.require(world_.layers.ready(), "SC-27: a handshake comes to its end");
  }
  if (!model.muted() && model.is_open()) {
    verdict.require(model.bytes_delivered() == world_.peer.bytes_sent(),
                    "SC-19: all that the peer sent is delivered");
  }
}

// What the peer has of what was sent: all of it, or a part of it that begins at the beginning.
void Simulation::check_stream() {
  const Sends& sends = world_.model.sends();
  const std::size_t received = world_.peer.bytes_received();
  Verdict& verdict = world_.verdict;
  if (world_.peer.sent_garbage()) return;
  verdict.require(received <= sends.plain_accepted() + world_.model.plain_lost(),
                  "SC-5: nothing arrives that was not accepted");
  const bool held_back = world_.temper.style.hold > 0 && !world_.socket.fin();
  verdict.require(held_back || received >= sends.plain_reported(),
                  "SC-16: what was reported as sent was written");
  if (world_.socket.fin()) {
    verdict.require(received == sends.plain_accepted(), "SC-21: close() loses nothing");
    verdict.require(world_.peer.heard_goodbye() || !world_.model.ended_in_form(),
                    "SC-21: the peer hears the layers' goodbye before the FIN");
  }
}

void Simulation::wind_down() {
  settle();
  check();
  if (done()) return;
  switch (world_.random.below(4)) {
    case 0:
      application_->hard_close();
      break;
    case 1:
      application_->let_go();
      break;
    case 2:
      application_->close();
      settle();
      check();
      world_.clock.advance(world_.options.linger_timeout);
      break;
    default:
      end_cleanly();
  }
  settle();
  check();
  world_.verdict.require(done(), "SC-23: every connection ends when it is told to");
}

void Simulation::end_cleanly() {
  application_->unmute();
  settle();
  check();
  world_.peer.say_goodbye();
  settle();
  if (!world_.peer_gone) world_.socket.end_input();
  world_.peer_gone = true;
  settle();
  check();
  application_->close();
}

}  // namespace spillway::simulation
