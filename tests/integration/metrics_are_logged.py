#!/usr/bin/env python3
"""At `metrics.log_interval` there is one line per route and direction in which anything happened.
What the lines say of their intervals adds up to what they say in all, the last one comes at the
stop, and at no time is a byte unaccounted for."""

import re
import signal
import time
import unittest
from datetime import datetime, timedelta

from harness import Lines, PlainPeer, Sink, Source, SpillwayTest, receive_exactly, wait_until

HEAD = """\
threads: 2
log: {{level: info, format: {format}, target: stderr}}
metrics: {{log_interval: {interval}}}
"""

ROUTES = """
- name: busy
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
  framing: line
  overflow: {{to_client: {{policy: drop_oldest, queue: 64KiB, slow_after: 200ms}}}}
- name: echo
  listen: 127.0.0.1:0
  echo: true
- name: idle
  listen: 127.0.0.1:0
  upstream: {{servers: "{upstream}"}}
"""

# What each line says of its interval, and the sum of it since the start.
SUMMED = ("bytes_in", "bytes_out", "messages_in", "messages_out", "dropped_messages",
          "dropped_bytes", "dropped_by_policy", "dropped_by_age", "dropped_partial",
          "unsent_bytes", "refused_not_writeable", "refused_not_ready", "refused_not_connected",
          "pauses", "resumes", "slow_consumers", "closed_slow_consumer", "closed_stalled",
          "closed_memory")

LATENCIES = [f"{kind}_{quantile}_us" for kind in ("send", "queue")
             for quantile in ("p50", "p90", "p99", "p999", "max")]


class MetricsAreLogged(SpillwayTest):
    def start_busy(self, interval: str = "200ms") -> tuple:
        listener, upstream = self.listen()
        self.daemon = self.start_daemon(
            ROUTES.format(tls=self.identity.config, upstream=upstream),
            head=HEAD.format(format="json", interval=interval))
        client = self.connect_tls(self.daemon.address("busy"))
        return client, PlainPeer(self.accept(listener))

    def lines(self, **fields: object) -> list:
        return self.daemon.events("metrics", **fields)

    def wait_for(self, condition, route: str = "busy", direction: str = "to_client") -> dict:
        return self.daemon.wait_for_metrics(condition, route=route, direction=direction)

    def assert_all_adds_up(self, route: str, direction: str) -> dict:
        lines = self.lines(route=route, direction=direction)
        sums = dict.fromkeys(SUMMED, 0)
        paused_ms = 0
        deepest = 0
        for number, line in enumerate(lines, 1):
            for key in SUMMED:
                sums[key] += line[key]
                self.assertEqual(sums[key], line[f"total_{key}"], f"{key} of {line}")
            # Each interval's is cut off to whole milliseconds for itself.
            paused_ms += line["paused_ms"]
            self.assertTrue(paused_ms <= line["total_paused_ms"] <= paused_ms + number, line)
            deepest = max(deepest, line["queue_peak"])
            self.assertEqual(line["total_queue_peak"], deepest, line)
            self.assertLessEqual(line["sessions"], line["total_sessions"], line)
            self.assertEqual(line["total_bytes_in"],
                             line["total_bytes_out"] + line["total_dropped_bytes"]
                             + line["total_unsent_bytes"] + line["queued_bytes"]
                             + line["sending_bytes"], line)
            self.assertEqual(line["dropped_messages"], line["dropped_by_policy"]
                             + line["dropped_by_age"] + line["dropped_partial"])
            values = [line[key] for key in LATENCIES]
            self.assertEqual(values, sorted(values[:5]) + sorted(values[5:]))
        return lines[-1]

    def test_figures_of_a_sink_that_is_stuck_and_of_its_end(self):
        client, server = self.start_busy()
        source = Source(server, Lines)
        stuck = self.wait_for(lambda line: line["slow"] and line["dropped_messages"])
        self.assertEqual((stuck["sessions"], stuck["throttled"], stuck["slow"]), (1, 1, 1))
        for gauge in ("queued_bytes", "queued_messages", "sending_bytes", "queue_peak"):
            self.assertGreater(stuck[gauge], 0, gauge)
        self.assertLessEqual(stuck["queue_peak"], 64 << 10)
        source.stop()
        # Nothing comes in and nothing goes out, and there are lines all the same.
        still = self.wait_for(lambda line: line["bytes_in"] == 0 and line["queued_bytes"])
        self.assertEqual(still["total_bytes_in"], source.bytes)

        sink = Sink(client)
        sink.resume()
        source.end()
        stream = sink.to_end()
        client.end()
        closed = self.daemon.wait_for_event("connection_closed")
        self.assertEqual(self.daemon.stop(), 0)
        last = self.assert_all_adds_up("busy", "to_client")
        self.assertEqual(last["total_bytes_in"], source.bytes)
        self.assertEqual(last["total_bytes_out"], len(stream))
        self.assertEqual(last["total_dropped_messages"], closed["dropped_messages"])
        self.assertEqual(last["total_queue_peak"], closed["queue_peak"])
        self.assertEqual((last["total_slow_consumers"], last["total_sessions"]), (1, 1))
        self.assertEqual([last[gauge] for gauge in ("sessions", "throttled", "slow",
                                                    "queued_bytes", "sending_bytes")], [0] * 5)

    def test_only_what_is_in_use_has_lines(self):
        client, server = self.start_busy()
        client.send(b"up\n")
        self.assertEqual(server.receive_exactly(3), b"up\n")
        self.wait_for(lambda line: line["bytes_in"] == 3, direction="to_upstream")
        self.assertEqual(self.lines(direction="to_client"), [])

        echoed = self.connect(self.daemon.address("echo"))
        echoed.sendall(b"again")
        self.assertEqual(receive_exactly(echoed, 5), b"again")
        self.wait_for(lambda line: line["bytes_out"] == 5, route="echo")
        client.close()
        echoed.close()
        self.daemon.wait_for_events(2, "connection_closed")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual({(line["route"], line["direction"]) for line in self.lines()},
                         {("busy", "to_upstream"), ("echo", "to_client")})
        for line in self.lines():
            self.assertTrue(line["bytes_in"] or line["bytes_out"], line)

    def test_the_last_interval_is_cut_short_by_the_stop(self):
        client, server = self.start_busy(interval="1h")
        server.send(b"down\n")
        self.assertEqual(client.receive_exactly(5), b"down\n")
        server.end()
        client.end()
        self.daemon.wait_for_event("connection_closed")
        self.assertEqual(self.lines(), [])
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(len(self.lines()), 1)
        last = self.assert_all_adds_up("busy", "to_client")
        self.assertEqual((last["bytes_out"], last["messages_out"]), (5, 1))

    def test_after_a_stop_of_the_process_no_lines_make_up_for_those_missed(self):
        _, server = self.start_busy(interval="1ms")
        source = Source(server, Lines)
        self.wait_for(lambda line: line["slow"] and line["queued_bytes"])
        source.stop()  # what waits in the queue has lines all the same
        self.daemon.signal(signal.SIGSTOP)
        stopped = time.monotonic()
        before = len(self.lines())
        wait_until("thousands of lines to be missed", lambda: time.monotonic() - stopped > 3)
        self.daemon.signal(signal.SIGCONT)
        lines = self.daemon.wait_for_events(before + 100, "metrics", direction="to_client")
        self.assertGreaterEqual(max(line["interval_ms"] for line in lines), 2900)
        # After one that is late the next may come at once, but then none for a whole interval: so
        # twenty take nine intervals at least. The times are cut off to whole milliseconds.
        times = [datetime.strptime(line["time"], "%Y-%m-%dT%H:%M:%S.%fZ") for line in lines]
        shortest = min(last - first for first, last in zip(times, times[20:]))
        self.assertGreaterEqual(shortest, timedelta(milliseconds=8))

    def test_zero_turns_them_off(self):
        client, server = self.start_busy(interval="0s")
        server.send(b"down\n")
        self.assertEqual(client.receive_exactly(5), b"down\n")
        client.close()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.lines(), [])

    def test_text_has_the_same_keys(self):
        _, upstream = self.listen()
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config, upstream=upstream),
                                   head=HEAD.format(format="text", interval="200ms"))
        listening = daemon.errors.wait_for(
            "listening", lambda data: re.search(rb"route=echo listen=127.0.0.1:(\d+)", data))
        client = self.connect(("127.0.0.1", int(listening[1])))
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        line = daemon.errors.wait_for(
            "metrics", lambda data: re.search(rb"^\S+ info metrics (.*)\n", data, re.MULTILINE))
        pairs = dict(pair.split("=") for pair in line[1].decode().split())
        self.assertEqual({key: pairs[key] for key in ("route", "direction", "sessions")},
                         {"route": "echo", "direction": "to_client", "sessions": "1"})
        self.assertEqual((pairs["bytes_in"], pairs["total_bytes_out"]), ("5", "5"))
        self.assertLessEqual({*LATENCIES, *SUMMED, *(f"total_{key}" for key in SUMMED),
                              "paused_ms", "total_paused_ms", "queue_peak", "total_queue_peak",
                              "total_sessions"}, set(pairs))


if __name__ == "__main__":
    unittest.main()
