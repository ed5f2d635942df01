#!/usr/bin/env python3
"""A sink stops reading, its policy acts, and it reads on: what arrives is whole and in order, what
is missing is counted, and the log alone tells what happened.

Each policy in both directions, between a TLS client and a plain upstream, with messages that end
with a delimiter and messages that begin with their length. `daemon.wait_for_metrics` is how a test
knows what the policy did so far: the daemon logs its figures every 100ms.
"""

import itertools
import unittest
from typing import Callable

from harness import Lines, PlainPeer, Prefixed, Sink, Source, SpillwayTest, numbers_in

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
metrics: {log_interval: 100ms}
"""

ROUTES = """
- name: feed
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
  framing: {framing}
  overflow: {{policy: {policy}, queue: 64KiB, slow_after: 200ms}}
"""

QUEUE = 64 << 10
READ_BUFFER = 256 << 10

DIRECTIONS = {"to_client": "down", "to_upstream": "up"}


class Flow:
    """One session of the route, with a source at one end and at the other a sink that is stuck."""

    def __init__(self, test: SpillwayTest, policy: str, direction: str, messages: type) -> None:
        self.test = test
        self.messages = messages
        self.direction = direction
        listener, upstream = test.listen()
        self.daemon = test.start_daemon(head=HEAD, routes=ROUTES.format(
            tls=test.identity.config, upstream=upstream, framing=messages.framing, policy=policy))
        client = test.connect_tls(self.daemon.address("feed"))
        server = PlainPeer(test.accept(listener))
        source, sink = (server, client) if direction == "to_client" else (client, server)
        # Once the sink was heard at the other end, neither connection is still to be made.
        self.greeting = messages.encode(0)
        sink.send(self.greeting)
        test.assertEqual(source.receive_exactly(len(self.greeting)), self.greeting)
        self.sink = Sink(sink)
        self.source = Source(source, messages)

    def wait_for_metrics(self, condition) -> dict:
        return self.daemon.wait_for_metrics(condition, route="feed", direction=self.direction)

    def wait_for_event(self, name: str) -> dict:
        return self.daemon.wait_for_event(name, direction=self.direction, peer=self.sink.address)

    def closed(self) -> dict:
        return self.daemon.wait_for_event("connection_closed", route="feed")

    def end(self) -> bytes:
        """Everything that the sink got, once both sides have ended."""
        self.source.end()
        stream = self.sink.to_end()
        self.sink.peer.end()
        return stream

    def assert_accounted(self, stream: bytes) -> list:
        """Order, boundaries, and that each byte was delivered or counted. Returns the numbers of
        the messages that arrived."""
        numbers = numbers_in(self.messages, stream)
        closed, way, source = self.closed(), DIRECTIONS[self.direction], self.source
        check = self.test.assertEqual
        check(numbers, sorted(set(numbers)))
        check(closed["end_code"], "--")
        check(closed[f"bytes_{way}"], len(stream))
        check(closed[f"messages_{way}"], len(numbers))
        check(closed["dropped_messages"], source.messages - len(numbers))
        check(closed[f"bytes_{way}"] + closed["dropped_bytes"], source.bytes)
        check(closed["unsent_bytes"], 0)
        check(self.daemon.stop(), 0)
        return numbers


class OverflowPolicies(SpillwayTest):
    def each_flow(self, policy: str, body: Callable[[Flow], None]) -> None:
        for direction, messages in itertools.product(DIRECTIONS, (Lines, Prefixed)):
            with self.subTest(policy=policy, direction=direction, messages=messages.__name__):
                body(Flow(self, policy, direction, messages))

    def drop_until_stopped(self, flow: Flow) -> None:
        flow.wait_for_metrics(lambda line: line["total_dropped_messages"] > 1000)
        slow = flow.wait_for_event("slow_consumer")
        self.assertGreaterEqual(slow["throttled_ms"], 200)
        self.assertLessEqual(slow["queued_bytes"], QUEUE + 2000)  # a message in the making
        flow.source.stop()
        self.assertIsNone(flow.source.cut_off)
        flow.wait_for_metrics(lambda line: line["total_bytes_in"] == flow.source.bytes)

    def recover(self, flow: Flow) -> None:
        """The sink reads again, and what is sent from then on arrives."""
        flow.sink.resume()
        recovered = flow.wait_for_event("slow_consumer_recovered")
        self.assertGreaterEqual(recovered["duration_ms"], 200)
        self.assertLessEqual(recovered["queue_peak"], QUEUE)
        self.assertGreater(recovered["dropped_messages"], 0)
        flow.wait_for_metrics(lambda line: line["total_slow_consumers"] == 1
                              and line["queued_bytes"] == line["sending_bytes"] == 0)
        flow.source.send(10)

    def test_drop_oldest_keeps_the_newest(self):
        def body(flow: Flow) -> None:
            self.drop_until_stopped(flow)
            last = flow.source.messages - 1
            self.recover(flow)
            numbers = flow.assert_accounted(flow.end())
            self.assertEqual(numbers[-11:], list(range(last, last + 11)))

        self.each_flow("drop_oldest", body)

    def test_drop_newest_keeps_the_oldest(self):
        def body(flow: Flow) -> None:
            self.drop_until_stopped(flow)
            last = flow.source.messages - 1
            self.recover(flow)
            numbers = flow.assert_accounted(flow.end())
            self.assertNotIn(last, numbers)
            self.assertEqual(numbers[-10:], list(range(last + 1, last + 11)))
            self.assertEqual(numbers[:20], list(range(20)))

        self.each_flow("drop_newest", body)

    def test_pause_stops_the_source_and_loses_nothing(self):
        def body(flow: Flow) -> None:
            flow.wait_for_event("slow_consumer")
            stuck = flow.wait_for_metrics(
                lambda line: line["total_pauses"] and line["slow"] and line["bytes_in"] == 0)
            self.assertLessEqual(stuck["queued_bytes"], QUEUE + READ_BUFFER)
            self.assertEqual(stuck["throttled"], 1)
            flow.sink.resume()
            recovered = flow.wait_for_event("slow_consumer_recovered")
            self.assertEqual(recovered["dropped_messages"], 0)
            flow.source.stop()
            numbers = flow.assert_accounted(flow.end())
            self.assertEqual(numbers, list(range(flow.source.messages)))
            closed = flow.closed()
            self.assertGreaterEqual(closed["pauses"], 1)
            self.assertGreaterEqual(closed["paused_ms"], 100)
            self.assertLessEqual(closed["queue_peak"], QUEUE + READ_BUFFER)

        self.each_flow("pause", body)

    def test_close_ends_the_session_of_the_slow_one(self):
        def body(flow: Flow) -> None:
            line = flow.wait_for_event("slow_consumer_closed")
            self.assertEqual(line["reason"], "slow_consumer")
            self.assertLessEqual(line["queued_bytes"], QUEUE)
            closed = flow.closed()
            self.assertEqual((closed["end_by"], closed["end_reason"], closed["end_code"]),
                             ("overflow", "slow_consumer", "OD"))
            self.assertEqual(closed["conn"], line["conn"])
            self.assertEqual(closed["dropped_bytes"], 0)
            self.assertEqual(flow.sink.peer.end_of_stream(), "reset")
            self.assertIsInstance(flow.source.until_cut_off(), ConnectionError)
            self.assertEqual(flow.daemon.stop(), 0)
            total = flow.wait_for_metrics(lambda line: line["total_closed_slow_consumer"] == 1)
            self.assertEqual(total["total_bytes_in"],
                             closed[f"bytes_{DIRECTIONS[flow.direction]}"] + closed["unsent_bytes"])

        self.each_flow("close", body)

    def test_a_source_that_ends_while_its_pipe_is_full(self):
        def body(flow: Flow) -> None:
            self.drop_until_stopped(flow)
            flow.source.end()
            flow.sink.resume()
            stream = flow.sink.to_end()
            flow.sink.peer.end()
            flow.assert_accounted(stream)

        for policy in ("drop_oldest", "drop_newest"):
            self.each_flow(policy, body)


if __name__ == "__main__":
    unittest.main()
