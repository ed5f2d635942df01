#!/usr/bin/env python3
"""When the queues of all sessions hold more than `limits.memory`, the session that holds most is
ended, on whatever loop it is, until the rest fits. Those that hold less never notice."""

import unittest

from harness import PlainPeer, SpillwayTest, wait_until

LIMIT = 4 << 20

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
metrics: {log_interval: 100ms}
limits: {memory: 4MiB}
"""

# What a stuck session comes to hold is up to how much its upstream sends: no queue is ever full.
ROUTE = """
- name: {name}
  listen: 127.0.0.1:0
  upstream: {{servers: "{upstream}"}}
  overflow: {{to_client: {{policy: pause, queue: 64MiB, slow_after: 200ms}}}}
"""

# Two kernels' buffers take some of that, and the daemon's share is what is left.
SIZES = {"healthy": 0, "small": 384 << 10, "medium": 768 << 10}
MORE = 128 << 10


class MemoryLimit(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.listeners = {name: self.listen() for name in (*SIZES, "large")}
        routes = (ROUTE.format(name=name, upstream=upstream)
                  for name, (_, upstream) in self.listeners.items())
        self.daemon = self.start_daemon("".join(routes), head=HEAD)

    def open(self, route: str) -> tuple:
        client = PlainPeer(self.connect(self.daemon.address(route)))
        return client, PlainPeer(self.accept(self.listeners[route][0]))

    def fill(self, route: str, size: int) -> int:
        """A session that is stuck. How much of the `size` waits in its queue."""
        _, upstream = self.open(route)
        upstream.send(bytes(size))
        line = self.daemon.wait_for_metrics(lambda line: line["total_bytes_in"] == size,
                                            route=route, direction="to_client")
        return line["queued_bytes"]

    def grow_until_a_session_ends(self, upstream: PlainPeer, times: int) -> None:
        """Sends more until as many sessions were ended."""
        def was_ended() -> bool:
            if self.daemon.events("memory_limit")[times - 1:]:
                return True
            try:
                upstream.send(bytes(MORE))
            except ConnectionError:
                return False  # it was the one; the line is on its way
            return False

        wait_until("a session to be ended", was_ended)

    def assert_ended(self, route: str, line: dict) -> None:
        self.assertEqual(line["route"], route)
        self.assertEqual(line["limit"], LIMIT)
        self.assertGreater(line["queued_bytes"], LIMIT)
        closed = self.daemon.wait_for_event("connection_closed", conn=line["conn"])
        self.assertEqual((closed["route"], closed["end_by"], closed["end_reason"],
                          closed["end_code"]), (route, "overflow", "memory", "OD"))
        self.assertGreaterEqual(closed["unsent_bytes"], line["held_bytes"])
        counted = self.daemon.wait_for_metrics(lambda line: line["closed_memory"] > 0,
                                               route=route, direction="to_client")
        self.assertEqual(counted["closed_memory"], 1)

    def assert_echoes(self, peers: tuple) -> None:
        client, upstream = peers
        for source, sink in ((client, upstream), (upstream, client)):
            source.send(b"still here")
            self.assertEqual(sink.receive_exactly(10), b"still here")

    def test_the_one_that_holds_most_is_ended(self):
        healthy = [self.open("healthy") for _ in range(8)]
        held = {route: self.fill(route, SIZES[route]) for route in ("small", "medium")}
        self.assertGreater(held["medium"], held["small"])
        client, upstream = self.open("large")
        self.grow_until_a_session_ends(upstream, times=1)
        line = self.daemon.wait_for_event("memory_limit")
        self.assert_ended("large", line)
        self.assertGreater(line["held_bytes"], held["medium"])
        self.assertEqual(client.end_of_stream(), "reset")
        for peers in healthy:
            self.assert_echoes(peers)
        self.assertEqual(len(self.daemon.events("connection_closed")), 1)

    def test_it_holds_each_time_anew(self):
        healthy = self.open("healthy")
        self.fill("medium", SIZES["medium"])
        self.fill("small", SIZES["small"])
        for times in (1, 2):
            _, upstream = self.open("large")
            self.grow_until_a_session_ends(upstream, times)
        for line in self.daemon.wait_for_events(2, "memory_limit"):
            self.assert_ended("large", line)
        self.assert_echoes(healthy)
        self.assertEqual(len(self.daemon.events("connection_closed")), 2)


if __name__ == "__main__":
    unittest.main()
