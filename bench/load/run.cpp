#include "bench/load/run.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/make_client.hpp"

#include <algorithm>

namespace load {

namespace {

constexpr std::size_t most_being_set_up = 128;
constexpr std::chrono::seconds patience{30};

template <class Clock>
typename Clock::time_point after(std::chrono::duration<double> time) {
  return Clock::now() + std::chrono::duration_cast<typename Clock::duration>(time);
}

}  // namespace

Run::Run(Arguments arguments)
    : arguments_(std::move(arguments)),
      pattern_(arguments_.line),
      backend_(loop_, buffers_, pattern_, arguments_.backend),
      surroundings_{loop_, buffers_, pattern_, nullptr},
      tallies_(arguments_.groups.size()) {
  if (!arguments_.plain) surroundings_.tls = &tls_.emplace();
  make_clients();
}

Report Run::complete() {
  Report report;
  report.pss_kib.start = pss_kib_of(arguments_.cpu_of);
  set_up();
  for (const auto& client : clients_) client->start();
  turn_until(after<Clock>(arguments_.warm_up));
  measure(report);
  return report;
}

void Run::make_clients() {
  for (std::size_t group = 0; group < arguments_.groups.size(); ++group) {
    for (std::size_t i = 0; i < arguments_.groups[group].connections; ++i) {
      const std::size_t stream = clients_.size();
      clients_.push_back(make_client(arguments_.groups[group], surroundings_, tallies_[group],
                                     {arguments_.groups[group].text(), i + 1, stream,
                                      arguments_.targets[stream % arguments_.targets.size()]}));
    }
  }
}

void Run::set_up() {
  std::vector<Client*> staying;
  for (const auto& client : clients_) {
    if (client->stays()) staying.push_back(client.get());
  }
  const auto end = Clock::now() + patience;
  std::size_t opened = 0;
  while (surroundings_.set_up < staying.size()) {
    while (opened < staying.size() && opened - surroundings_.set_up < most_being_set_up) {
      staying[opened++]->open();
    }
    loop_.turn(end);
    if (Clock::now() < end) continue;
    const auto first = std::ranges::find_if_not(staying, &Client::is_set_up);
    throw Failure((*first)->name() + "not set up after " + std::to_string(patience.count()) +
                  " s, nor were " + std::to_string(staying.size() - surroundings_.set_up - 1) +
                  " others");
  }
}

void Run::turn_until(Clock::time_point end) {
  while (Clock::now() < end) loop_.turn(end);
}

/// The figures of memory take milliseconds to get and are not part of the window.
void Run::measure(Report& report) {
  report.pss_kib.begin = pss_kib_of(arguments_.cpu_of);
  const auto begin = Clock::now();
  const CpuTime proxy_cpu = cpu_time_of(arguments_.cpu_of);
  const CpuTime load_cpu = own_cpu_time();
  std::ranges::fill(tallies_, Tally{});
  for (const auto& client : clients_) (void)client->heard();
  turn_until(after<Clock>(arguments_.window));
  report.load_cpu = own_cpu_time() - load_cpu;
  report.proxy_cpu = cpu_time_of(arguments_.cpu_of) - proxy_cpu;
  report.window = Clock::now() - begin;
  for (const auto& client : clients_) {
    if (client->expects_bytes() && !client->heard()) ++client->tally().failed;
  }
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    report.groups.push_back({arguments_.groups[i], tallies_[i]});
  }
  report.pss_kib.end = pss_kib_of(arguments_.cpu_of);
}

}  // namespace load
