#include "daemon/server/admin/status_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <tuple>
#include <utility>

namespace spillway::server::admin {

namespace {

using Cells = std::vector<std::string>;

// Names and addresses are partly strangers': nothing in them is for the terminal to act on.
std::string printable(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

std::string decimal(double value, int digits, std::string_view unit) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data() + std::string(unit);
}

std::string bytes(double count) {
  constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; count >= 1024 && unit + 1 < units.size(); ++unit) count /= 1024;
  return decimal(count, unit > 0 && count < 100 ? 1 : 0, units[unit]);
}

std::string duration(double seconds) {
  if (seconds < 0.001) return decimal(seconds * 1e6, 0, "us");
  if (seconds < 1) return decimal(seconds * 1e3, seconds < 0.1 ? 1 : 0, "ms");
  if (seconds < 120) return decimal(seconds, 1, "s");
  if (seconds < 7200) return decimal(seconds / 60, 0, "min");
  return decimal(seconds / 3600, 0, "h");
}

/// Columns as wide as their widest cell, the first two to the left.
std::string render(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - row[i].size(), ' ');
      line += (i > 0 ? "  " : "") + (i < 2 ? row[i] + blanks : blanks + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

/// What one direction did in a time.
struct Interval {
  double seconds;
  const FlowView* before;

  [[nodiscard]] double rate(std::uint64_t now, std::uint64_t FlowView::*counter) const {
    const std::uint64_t then = before != nullptr ? before->*counter : 0;
    return now < then ? 0 : static_cast<double>(now - then) / seconds;
  }
};

std::string send_p99(const FlowView& now, const FlowView* before) {
  if (before == nullptr) return now.send_count > 0 ? duration(now.send_p99_seconds) : "-";
  if (now.send_count <= before->send_count ||
      now.send_buckets.size() != before->send_buckets.size()) {
    return "-";
  }
  const double reached = 0.99 * static_cast<double>(now.send_count - before->send_count);
  for (std::size_t i = 0; i < now.send_buckets.size(); ++i) {
    const std::uint64_t count = now.send_buckets[i].second - before->send_buckets[i].second;
    if (static_cast<double>(count) >= reached) return "<" + duration(now.send_buckets[i].first);
  }
  return ">" + duration(now.send_buckets.back().first);
}

const FlowView* find(const StatusView* before, const FlowView& flow) {
  if (before == nullptr) return nullptr;
  const auto found = std::ranges::find_if(before->flows, [&flow](const FlowView& each) {
    return each.route == flow.route && each.direction == flow.direction;
  });
  return found == before->flows.end() ? nullptr : &*found;
}

Cells flow_cells(const FlowView& flow, const Interval& interval) {
  const auto dropped = interval.rate(flow.dropped_messages, &FlowView::dropped_messages);
  return {printable(flow.route) + (flow.draining ? " (draining)" : ""),
          printable(flow.direction),
          std::to_string(flow.connections),
          std::to_string(flow.slow),
          std::to_string(flow.throttled),
          bytes(static_cast<double>(flow.queued_bytes)),
          bytes(interval.rate(flow.bytes_in, &FlowView::bytes_in)),
          bytes(interval.rate(flow.bytes_out, &FlowView::bytes_out)),
          decimal(dropped, dropped > 0 && dropped < 10 && interval.before != nullptr ? 1 : 0, ""),
          send_p99(flow, interval.before)};
}

std::string flow_table(const StatusView& now, const StatusView* before, std::size_t most) {
  const bool rates = before != nullptr;
  std::vector<Cells> rows{{"ROUTE", "DIRECTION", "CONNS", "SLOW", "THROTTLED", "QUEUED",
                           rates ? "IN/S" : "IN", rates ? "OUT/S" : "OUT",
                           rates ? "DROPPED/S" : "DROPPED", "SEND-P99"}};
  const double seconds = rates ? std::max(now.time - before->time, 0.001) : 1;
  const std::size_t shown = now.flows.size() <= most ? now.flows.size() : most - 1;
  for (std::size_t i = 0; i < shown; ++i) {
    rows.push_back(flow_cells(now.flows[i], {seconds, find(before, now.flows[i])}));
  }
  const std::size_t left_out = now.flows.size() - shown;
  return render(rows) + (left_out > 0 ? "and " + std::to_string(left_out) + " more\n" : "");
}

/// How many flows fit beside everything else. On a terminal that is too small for anything, some.
std::size_t room_for_flows(const std::string& rest, const TerminalSize& size) {
  constexpr std::size_t least = 4;
  constexpr std::size_t head_and_cursor = 2;
  const auto taken = static_cast<std::size_t>(std::ranges::count(rest, '\n')) + head_and_cursor;
  return std::max(least, size.lines - std::min(size.lines, taken));
}

std::string sufferer_table(const std::vector<SuffererView>& sufferers) {
  if (sufferers.empty()) return {};
  std::vector<Cells> rows{{"CONN", "ROUTE", "SLOW", "THROTTLED", "QUEUED", "CLIENT", "UPSTREAM"}};
  for (const SuffererView& each : sufferers) {
    rows.push_back({std::to_string(each.id), printable(each.route), each.slow ? "slow" : "-",
                    duration(each.throttled_seconds), bytes(static_cast<double>(each.queued_bytes)),
                    printable(each.client),
                    each.upstream.empty() ? "-" : printable(each.upstream)});
  }
  return '\n' + render(rows);
}

// Those that are slow first, then the throttled ones, then the deepest queues; those that dropped
// before those that did not, and the busy before the idle.
auto pain(const FlowView& flow) {
  return std::make_tuple(flow.slow, flow.throttled, flow.queued_bytes, flow.dropped_messages,
                         flow.connections);
}

}  // namespace

std::string clip(const std::string& text, const TerminalSize& size) {
  std::string result;
  std::size_t lines = 1;
  std::size_t columns = 0;
  for (const char c : text) {
    if (c == '\n') {
      if (++lines > size.lines) break;
      columns = 0;
      result += c;
    } else if (++columns < size.columns) {  // in the last one terminals differ
      result += c;
    }
  }
  return result;
}

std::string status_table(StatusView now, const StatusView* before,
                         const std::vector<SuffererView>& sufferers,
                         const std::optional<TerminalSize>& size) {
  // Those that are alike keep the daemon's order, by name: lines that jump about cannot be read.
  std::ranges::stable_sort(now.flows,
                           [](const FlowView& a, const FlowView& b) { return pain(a) > pain(b); });
  const std::string summary = "spillway " + printable(now.version) + ", " + printable(now.state) +
                              ", up " + duration(now.uptime_seconds) + ", " +
                              std::to_string(now.connections) +
                              (now.connections == 1 ? " connection, " : " connections, ") +
                              bytes(static_cast<double>(now.queued_bytes)) + " queued\n\n";
  const std::string suffering = sufferer_table(sufferers);
  if (!size) return summary + flow_table(now, before, now.flows.size()) + suffering;
  const std::size_t room = room_for_flows(summary + suffering, *size);
  return clip(summary + flow_table(now, before, room) + suffering, *size);
}

}  // namespace spillway::server::admin
