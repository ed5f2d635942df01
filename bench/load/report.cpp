#include "bench/load/report.hpp"

#include <iomanip>
#include <sstream>

namespace load {

namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

void write_latency(std::ostream& out, const LatencyHistogram& latency) {
  if (latency.count() == 0) {
    out << "null";
    return;
  }
  const auto us = [](std::chrono::nanoseconds time) { return seconds(time) * 1e6; };
  out << std::setprecision(1);
  out << "{\"p50\": " << us(latency.quantile(0.5)) << ", \"p99\": " << us(latency.quantile(0.99))
      << ", \"p99.9\": " << us(latency.quantile(0.999)) << ", \"max\": " << us(latency.max())
      << "}";
}

void write_group(std::ostream& out, const Group& group, const Tally& tally) {
  out << "{\"kind\": \"" << name(group.kind) << "\", \"connections\": " << group.connections
      << ", \"bytes\": " << group.bytes << ", \"messages\": " << tally.messages
      << ", \"bytes_down\": " << tally.bytes_down << ", \"bytes_up\": " << tally.bytes_up
      << ", \"handshakes\": " << tally.handshakes << ", \"latency_us\": ";
  write_latency(out, tally.latency);
  out << ", \"checked_bytes\": " << tally.checked_bytes << ", \"failed\": " << tally.failed << "}";
}

}  // namespace

std::string Report::json() const {
  std::ostringstream out;
  out << std::fixed << std::setprecision(6);
  out << "{\"window_s\": " << seconds(window) << ", \"proxy_cpu_s\": " << seconds(proxy_cpu)
      << ", \"load_cpu_s\": " << seconds(load_cpu) << ", \"pss_kib\": {\"start\": " << pss_kib.start
      << ", \"begin\": " << pss_kib.begin << ", \"end\": " << pss_kib.end << "},\n \"groups\": [";
  const char* separator = "";
  for (const auto& [group, tally] : groups) {
    out << separator;
    write_group(out, group, tally);
    separator = ",\n  ";
  }
  out << "]}";
  return out.str();
}

}  // namespace load
