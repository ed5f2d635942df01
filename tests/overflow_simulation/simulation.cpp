#include "tests/overflow_simulation/simulation.hpp"

#include "tests/simulation/stack.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace spillway::overflow_simulation {

namespace {

constexpr std::size_t steps_of_a_run = 300;
constexpr Interest everything{.readable = true, .writeable = true};

std::size_t some_room(Random& random, bool large) {
  const std::size_t kind = random.below(10);
  if (kind < 3) return Socket::unlimited;
  if (kind < 6) return 0;
  if (kind < 8) return random.between(1, 60);
  return random.between(1, large ? 200'000 : 2000);
}

std::size_t some_limit(Random& random) {
  return random.coin() ? Socket::unlimited : random.one_of({1, 7, 100, 5000});
}

std::size_t some_piece(Random& random, bool large) {
  const std::size_t kind = random.below(10);
  if (kind < 4) return Socket::unlimited;
  if (kind < 6) return random.between(1, 6);
  return random.between(7, large ? 300'000 : 600);
}

}  // namespace

Simulation::Simulation(Plan plan)
    : random_(plan.seed), route_(some_setting(random_), std::move(plan.trace)) {
  simulation::start_tls_run(plan.seed);
  route_.trace.note(describe(route_.setting));
}

Outcome Simulation::run() {
  for (std::size_t i = 0; i < route_.setting.sessions; ++i) {
    sessions_.push_back(std::make_unique<Session>(route_, random_));
  }
  if (random_.coin()) {
    for (const auto& session : sessions_) session->sink_starts();
  }
  check();
  while (!done() && steps_ < steps_of_a_run) {
    step();
    check();
  }
  if (!route_.verdict.broken()) wind_down();
  for (const auto& session : sessions_) session->disconnect();
  route_.scheduler.run_turn();
  Outcome outcome{.steps = steps_, .violation = std::nullopt};
  if (route_.verdict.broken()) outcome.violation = route_.verdict.words();
  return outcome;
}

Session& Simulation::some_session() { return *sessions_[random_.below(sessions_.size())]; }

bool Simulation::done() const {
  return route_.verdict.broken() ||
         std::ranges::all_of(sessions_, [](const auto& session) { return session->is_over(); });
}

void Simulation::check() {
  ++steps_;
  for (const auto& session : sessions_) session->check(at_rest());
  check_route();
}

bool Simulation::at_rest() const {
  const auto next = route_.scheduler.next_deadline();
  return !route_.scheduler.has_work() && (!next || *next > route_.clock.now());
}

void Simulation::check_route() {
  observe::FlowCounters sum;
  std::size_t queued = 0;
  std::size_t queued_messages = 0;
  std::size_t throttled = 0;
  std::size_t slow = 0;
  for (const auto& session : sessions_) {
    sum += session->figures().counters;
    queued += session->queued_bytes();
    queued_messages += session->queued_messages();
    throttled += session->model().throttle().on() ? 1 : 0;
    slow += session->model().throttle().slow() ? 1 : 0;
  }
  const observe::FlowMetrics& metrics = route_.metrics;
  simulation::Verdict& verdict = route_.verdict;
  verdict.require(metrics.counters == sum, "the route's counters are the sum of the pipes'");
  verdict.require(metrics.queued_bytes == queued && metrics.queued_messages == queued_messages,
                  "the route's gauges show what is queued");
  verdict.require(metrics.throttled == throttled, "the route's gauge shows who is throttled");
  verdict.require(metrics.slow == slow, "the route's gauge shows who is slow");
  verdict.require(route_.memory.total() == queued, "the memory's account is what is queued");
}

void Simulation::step() {
  Session& session = some_session();
  if (random_.permille(route_.setting.ends)) return break_something(session);
  const std::size_t kind = random_.below(100);
  if (kind < 34) return step_of_source(session);
  if (kind < 62) return step_of_sink(session);
  if (kind < 76) return step_of_consumer(session);
  if (kind < 84) return turn();
  if (kind < 96) return step_of_time();
  if (kind < 98) return settle();
  step_of_daemon(session);
}

void Simulation::step_of_source(Session& session) {
  if (random_.coin()) {
    route_.trace.note("the source writes");
    session.source_writes(random_.permille(100) ? random_.between(1, 40) : random_.between(1, 4));
  }
  route_.trace.note("the source's bytes arrive");
  session.source_socket().limit_reads(some_limit(random_));
  session.source_arrives(some_piece(random_, route_.setting.large));
  session.source_socket().poll(everything);
}

void Simulation::step_of_sink(Session& session) {
  const bool large = route_.setting.large;
  if (session.sink_waits() && random_.permille(100)) {
    route_.trace.note("the sink is connected");
    return session.sink_starts();
  }
  switch (random_.below(4)) {
    case 0: {
      const std::size_t room = some_room(random_, large);
      route_.trace.note("the sink takes ", room);
      return session.sink_socket().make_room(room);
    }
    case 1:
      route_.trace.note("the sink takes so much in a call");
      return session.sink_socket().limit_writes(some_limit(random_));
    default:
      route_.trace.note("poll");
      session.poll({.readable = random_.permille(900), .writeable = random_.permille(900)});
  }
}

void Simulation::step_of_consumer(Session& session) {
  if (random_.permille(30)) {
    route_.trace.note("the consumer chatters");
    return session.sink_chatters();
  }
  route_.trace.note("the consumer reads");
  session.consumer_reads(some_piece(random_, route_.setting.large));
}

void Simulation::step_of_daemon(Session& session) {
  if (random_.permille(900)) {
    route_.trace.note("figures are settled");
    return session.settle_figures();
  }
  if (random_.permille(900 - 20 * route_.setting.ends)) return;
  route_.trace.note("memory is short");
  session.fail_for_memory();
}

void Simulation::break_something(Session& session) {
  switch (random_.below(8)) {
    case 0:
      route_.trace.note("the source is reset");
      return session.source_breaks();
    case 1:
      route_.trace.note("the sink is reset");
      return session.sink_breaks();
    case 2:
      route_.trace.note("writes to the sink break");
      return session.sink_writes_break(random_.coin() ? 0 : random_.below(500));
    case 3:
      route_.trace.note("the session is cut short");
      return session.cut();
    case 4:
      route_.trace.note("the sink cannot be reached");
      return session.sink_fails_to_start();
    default:
      route_.trace.note("the source ends");
      return session.source_ends();
  }
}

void Simulation::turn() {
  route_.trace.note("turn");
  route_.scheduler.run_turn();
  for (int i = 0; i < 10 && !at_rest(); ++i) route_.scheduler.run_turn();
  if (!at_rest()) return;
  for (const auto& session : sessions_) session->turned();
}

Duration Simulation::some_time() {
  const config::Overflow& overflow = route_.setting.overflow;
  const std::chrono::milliseconds known[] = {overflow.stall_timeout, overflow.max_age,
                                             overflow.slow_after, std::chrono::milliseconds(1)};
  const auto one = known[random_.below(std::size(known))];
  if (random_.permille(200)) return one;
  const auto most = static_cast<std::size_t>(std::chrono::microseconds(one).count()) / 2;
  return std::chrono::microseconds(random_.below(most + 2));
}

void Simulation::step_of_time() {
  const Duration time = some_time();
  route_.trace.note("time passes: ", std::chrono::duration<double, std::milli>(time).count(),
                    " ms");
  if (random_.permille(900)) return pass_time(time);
  // A loop that is busy.
  route_.clock.advance(time);
  for (const auto& session : sessions_) session->model().looks_late(time);
  if (random_.coin()) turn();
}

// As an event loop: awake whenever a timer is due.
void Simulation::pass_time(Duration time) {
  const TimePoint end = route_.scheduler.now() + time;
  for (int i = 0; i < 1000; ++i) {
    const auto next = route_.scheduler.next_deadline();
    if (!next || *next > end) break;
    if (*next > route_.scheduler.now()) route_.clock.advance(*next - route_.scheduler.now());
    turn();
  }
  if (end > route_.scheduler.now()) route_.clock.advance(end - route_.scheduler.now());
  turn();
}

}  // namespace spillway::overflow_simulation
