#!/usr/bin/env python3
"""What ends a session or a message that waits: `stall_timeout`, `max_age`, `max_message`, a reset;
and what a half-close, an echo route and the kernel's own buffers make of a full queue."""

import time
import unittest

from harness import Lines, PlainPeer, Sink, Source, SpillwayTest, numbers_in, wait_until

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
metrics: {log_interval: 100ms}
"""

PROXY = """
- name: feed
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
  {more}
"""

ECHO = """
- name: feed
  listen: 127.0.0.1:0
  {tls}
  echo: true
  framing: line
  overflow: {{policy: {policy}, queue: 64KiB, slow_after: 200ms}}
"""


class PatienceTest(SpillwayTest):
    def start_proxy(self, *more: str):
        """A daemon, a TLS client and the upstream that it is connected with."""
        listener, upstream = self.listen()
        self.daemon = self.start_daemon(head=HEAD, routes=PROXY.format(
            tls=self.identity.config, upstream=upstream, more="\n  ".join(more)))
        client = self.connect_tls(self.daemon.address("feed"))
        return client, PlainPeer(self.accept(listener))

    def metrics(self, condition, direction: str = "to_client") -> dict:
        return self.daemon.wait_for_metrics(condition, route="feed", direction=direction)

    def assert_closed(self, **fields: object) -> dict:
        closed = self.daemon.wait_for_event("connection_closed", route="feed")
        self.assertEqual({key: closed[key] for key in fields}, fields)
        self.assertEqual(self.daemon.stop(), 0)
        return closed

    def assert_accounted(self, closed: dict, totals: dict) -> None:
        """REQUIRES: bytes went in one direction only."""
        ways = ("bytes_down", "bytes_up", "dropped_bytes", "unsent_bytes")
        self.assertEqual(sum(closed[way] for way in ways), totals["total_bytes_in"])


class Stalled(PatienceTest):
    def stall(self, policy: str, direction: str):
        client, server = self.start_proxy(
            "framing: line",
            f"overflow: {{policy: {policy}, queue: 64KiB, slow_after: 200ms, stall_timeout: 1s}}")
        to_client = direction == "to_client"
        source = Source(server if to_client else client, Lines)
        sink = client if to_client else server
        line = self.daemon.wait_for_event("slow_consumer_closed", direction=direction)
        self.assertEqual(line["reason"], "stalled")
        self.assertGreaterEqual(line["throttled_ms"], 1000)
        self.assertEqual(sink.end_of_stream(), "reset")
        self.assertIsInstance(source.until_cut_off(), ConnectionError)
        closed = self.assert_closed(end_by="overflow", end_reason="stalled", end_code="OD")
        totals = self.metrics(lambda line: line["total_closed_stalled"] == 1, direction)
        self.assert_accounted(closed, totals)
        self.assertGreater(closed["unsent_bytes"], 0)

    def test_a_sink_that_takes_nothing_for_too_long_is_closed(self):
        for policy in ("pause", "drop_newest", "drop_oldest"):
            for direction in ("to_client", "to_upstream"):
                with self.subTest(policy=policy, direction=direction):
                    self.stall(policy, direction)


    def test_a_sink_that_trickles_is_not(self):
        client, server = self.start_proxy(
            "framing: line",
            "overflow: {policy: drop_oldest, queue: 64KiB, slow_after: 200ms, stall_timeout: 1s}")
        source = Source(client, Lines)
        self.metrics(lambda line: line["total_dropped_messages"], "to_upstream")
        for count in range(1, 26):  # at one read in 100ms
            self.daemon.wait_for_events(count, "metrics")
            server.receive_exactly(32 << 10)
        self.assertEqual(self.daemon.events("connection_closed"), [])
        self.daemon.wait_for_event("slow_consumer_closed", reason="stalled")
        source.until_cut_off()
        self.assert_closed(end_reason="stalled", end_code="OD")


class Reset(PatienceTest):
    def reset_full(self, policy: str, direction: str) -> None:
        client, server = self.start_proxy(
            "framing: line", f"overflow: {{policy: {policy}, queue: 64KiB, slow_after: 200ms}}")
        to_client = direction == "to_client"
        source = Source(server if to_client else client, Lines)
        self.metrics(lambda line: line["slow"] and line["queued_bytes"], direction)
        (client if to_client else server).reset()
        self.assertIsInstance(source.until_cut_off(), ConnectionError)
        closed = self.assert_closed(end_by="client" if to_client else "upstream",
                                    end_reason="reset", end_code="CD" if to_client else "SD")
        last = self.daemon.events("metrics", direction=direction)[-1]
        self.assert_accounted(closed, last)
        self.assertGreater(closed["unsent_bytes"], 0)
        for gauge in ("throttled", "slow", "queued_bytes", "sending_bytes"):
            self.assertEqual(last[gauge], 0, gauge)

    def test_a_sink_that_resets_while_its_pipe_is_full(self):
        for policy in ("pause", "drop_newest", "drop_oldest"):
            for direction in ("to_client", "to_upstream"):
                with self.subTest(policy=policy, direction=direction):
                    self.reset_full(policy, direction)


class MaxAge(PatienceTest):
    def test_older_messages_never_arrive(self):
        client, server = self.start_proxy(
            "framing: line",
            "overflow: {policy: drop_oldest, queue: 1GiB, max_age: 500ms, slow_after: 200ms}")
        source = Source(server, Lines)
        self.metrics(lambda line: line["queued_messages"] > 1000)
        source.stop()
        held = self.metrics(lambda line: line["bytes_in"] == 0 and line["queued_messages"])
        sent = time.monotonic()
        wait_until("all that waits to be too old", lambda: time.monotonic() - sent > 0.6)
        source.send(10)
        sink = Sink(client)
        sink.resume()
        source.end()
        numbers = numbers_in(Lines, sink.to_end())
        client.end()
        fresh = list(range(source.messages - 10, source.messages))
        self.assertEqual(numbers[-10:], fresh)
        self.assertEqual(numbers[:-10], list(range(len(numbers) - 10)))
        missing = source.messages - len(numbers)
        self.assertGreaterEqual(missing, held["queued_messages"])
        closed = self.assert_closed(end_code="--", dropped_messages=missing, unsent_bytes=0)
        self.assertEqual(closed["bytes_down"] + closed["dropped_bytes"], source.bytes)
        by_age = [line["dropped_by_age"] for line in self.daemon.events("metrics")]
        self.assertEqual(sum(by_age), missing)


class MessageTooBig(PatienceTest):
    def too_big(self, side: str, policy: str):
        client, server = self.start_proxy("framing: line", "max_message: 1KiB",
                                          f"overflow: {{policy: {policy}}}")
        source, sink = (client, server) if side == "client" else (server, client)
        source.send(b"fits\n")
        self.assertEqual(sink.receive_exactly(5), b"fits\n")
        source.send(b"x" * 1024)
        line = self.daemon.wait_for_event("connection_failed", side=side)
        self.assertEqual(line["reason"], "message_too_big")
        self.assertIn("max_message (1024 bytes)", line["detail"])
        self.assertEqual(sink.end_of_stream(), "reset")
        self.assert_closed(end_by="proxy", end_reason="message_too_big", end_code="PD")

    def test_it_ends_the_session(self):
        for side in ("client", "upstream"):
            for policy in ("pause", "drop_oldest"):
                with self.subTest(side=side, policy=policy):
                    self.too_big(side, policy)


class HalfClose(PatienceTest):
    def test_what_a_paused_source_sent_before_its_end_arrives(self):
        client, server = self.start_proxy("overflow: {policy: pause, queue: 64KiB}")
        source = Source(server, Lines)
        self.metrics(lambda line: line["total_pauses"] and line["bytes_in"] == 0)
        sink = Sink(client)
        sink.resume()
        source.stop()
        source.end()
        self.assertEqual(numbers_in(Lines, sink.to_end()), list(range(source.messages)))
        client.end()
        self.assert_closed(end_code="--", bytes_down=source.bytes, dropped_bytes=0)


class Echo(PatienceTest):
    def start_echo(self, policy: str, layer: str) -> tuple:
        tls = layer == "tls"
        self.daemon = self.start_daemon(head=HEAD, routes=ECHO.format(
            policy=policy, tls=f"tls: {self.identity.config}" if tls else ""))
        address = self.daemon.address("feed")
        client = self.connect_tls(address) if tls else PlainPeer(self.connect(address))
        return Sink(client), Source(client, Lines)

    def overflow(self, policy: str, layer: str) -> None:
        sink, source = self.start_echo(policy, layer)
        self.metrics(lambda line: line["slow"]
                     and line["total_dropped_messages"] + line["total_pauses"])
        if policy == "pause":
            sink.resume()  # otherwise the source stays paused
        source.stop()
        source.end()
        if policy != "pause":
            sink.resume()
        numbers = numbers_in(Lines, sink.to_end())
        self.assertEqual(numbers, sorted(set(numbers)))
        closed = self.assert_closed(end_code="--", unsent_bytes=0, bytes_up=0)
        self.assertEqual(closed["bytes_down"] + closed["dropped_bytes"], source.bytes)
        self.assertEqual(closed["dropped_messages"], source.messages - len(numbers))

    def test_a_client_that_does_not_read_its_echo(self):
        # One TLS peer cannot send and receive on two threads, as a paused one has to here.
        for policy, layer in (("drop_oldest", "plain"), ("drop_oldest", "tls"),
                              ("drop_newest", "plain"), ("drop_newest", "tls"), ("pause", "plain")):
            with self.subTest(policy=policy, layer=layer):
                self.overflow(policy, layer)

    def test_close_ends_it(self):
        for layer in ("plain", "tls"):
            with self.subTest(layer=layer):
                _, source = self.start_echo("close", layer)
                self.daemon.wait_for_event("slow_consumer_closed", reason="slow_consumer")
                self.assertIsInstance(source.until_cut_off(), ConnectionError)
                self.assert_closed(end_by="overflow", end_reason="slow_consumer", end_code="OD")


class KernelsBuffer(PatienceTest):
    def taken_before_the_first_refusal(self, *more: str) -> int:
        client, server = self.start_proxy("overflow: {policy: pause, queue: 0}", *more)
        source = Source(server, Lines)
        stuck = self.metrics(lambda line: line["total_pauses"] and line["bytes_in"] == 0)
        client.reset()
        source.until_cut_off()
        return stuck["total_bytes_out"]

    def test_notsent_lowat_keeps_it_from_hiding_a_slow_consumer(self):
        by_default = self.taken_before_the_first_refusal()
        without = self.taken_before_the_first_refusal("notsent_lowat: 0")
        self.assertGreater(without, 4 * by_default)


if __name__ == "__main__":
    unittest.main()
