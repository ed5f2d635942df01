// How a run comes to rest, and what has to be true then.
#include "tests/overflow_simulation/simulation.hpp"

#include <algorithm>

namespace spillway::overflow_simulation {

namespace {

constexpr int longest_flow = 20'000;

}  // namespace

void Simulation::wind_down() {
  const std::size_t kind = random_.below(4);
  if (kind > 0) settle();
  if (kind > 1) {
    route_.trace.note("every source ends");
    for (const auto& session : sessions_) {
      if (!session->source_has_ended()) session->source_ends();
    }
    settle();
  }
  if (!route_.verdict.broken()) end_all();
}

// Everything that was written arrives, and every sink takes all of it.
void Simulation::settle() {
  route_.trace.note("all comes to rest");
  for (const auto& session : sessions_) {
    session->sink_starts();
    session->sink_socket().make_room(Socket::unlimited);
    session->sink_socket().limit_writes(Socket::unlimited);
    session->source_socket().limit_reads(Socket::unlimited);
    session->source_arrives(Socket::unlimited);
  }
  flow_until_rest();
  check();
  if (route_.verdict.broken()) return;
  for (const auto& session : sessions_) session->check_settled();
}

void Simulation::flow_until_rest() {
  for (int round = 0; round < longest_flow; ++round) {
    bool flows = route_.scheduler.has_work();
    for (const auto& session : sessions_) {
      flows = session->consumer_reads(Socket::unlimited) || flows;
      flows = session->poll() || flows;
    }
    turn();
    if (!flows || route_.verdict.broken()) return;
  }
  route_.verdict.require(false, "all comes to rest");
}

void Simulation::end_all() {
  route_.trace.note("the pipes are let go");
  std::uint64_t messages = 0;
  for (const auto& session : sessions_) {
    messages += session->model().passed().messages();
    session->let_go();
    check_route();
  }
  const observe::FlowMetrics& metrics = route_.metrics;
  const observe::FlowCounters& all = metrics.counters;
  simulation::Verdict& verdict = route_.verdict;
  verdict.require(all.bytes_in == all.bytes_out + all.dropped_bytes() + all.unsent_bytes,
                  "in the end, in = out + dropped + unsent");
  verdict.require(all.refused_not_connected > 0 || !config::has_messages(route_.setting.framing) ||
                      metrics.queue_latency.count() == messages,
                  "the time that each message waited is recorded");
  verdict.require(metrics.throttled == 0 && metrics.slow == 0 && metrics.queued_bytes == 0 &&
                      metrics.queued_messages == 0 && route_.memory.total() == 0,
                  "nothing is left behind");
}

}  // namespace spillway::overflow_simulation
