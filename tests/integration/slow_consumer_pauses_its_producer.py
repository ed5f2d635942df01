#!/usr/bin/env python3
"""A client that does not read stops the upstream, costs the daemon little memory, and loses nothing.

The policy `pause` in both of its sizes: with its default queue, and with none.
"""

import hashlib
import os
import socket
import threading
import unittest

from harness import SpillwayTest, wait_until

BLOCK = os.urandom(1 << 20)
BLOCKS = 96  # more than the buffers of two kernels' sockets hold
READ_BUFFER = 256 << 10
PARTLY_WRITTEN = 64 << 10

ROUTES = """
- name: feed
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
  overflow: {{to_client: {{policy: pause, queue: {queue}}}}}
"""


def resident_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/statm", encoding="ascii") as statistics:
        return int(statistics.read().split()[1]) * os.sysconf("SC_PAGESIZE")


class Producer:
    """Sends as fast as it is let, on a thread of its own."""

    def __init__(self, sock: socket.socket) -> None:
        self.sent = 0
        self._socket = sock
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for _ in range(BLOCKS):
            view = memoryview(BLOCK)
            while view:
                size = self._socket.send(view)
                self.sent += size
                view = view[size:]
        self._socket.shutdown(socket.SHUT_WR)


class SlowConsumer(SpillwayTest):
    def stall_and_resume(self, queue: str, queue_bytes: int) -> None:
        listener, upstream = self.listen()
        daemon = self.start_daemon(
            ROUTES.format(tls=self.identity.config, upstream=upstream, queue=queue))
        client = self.connect_tls(daemon.address("feed"))
        producer_socket = self.accept(listener)
        before = resident_bytes(daemon.pid)
        producer = Producer(producer_socket)
        self.wait_for_standstill(producer)
        self.assertLess(producer.sent, BLOCKS * len(BLOCK))
        self.assertLess(resident_bytes(daemon.pid) - before, 16 << 20)

        expected = hashlib.sha256()
        for _ in range(BLOCKS):
            expected.update(BLOCK)
        received = client.receive_to_end()
        self.assertEqual(hashlib.sha256(received).digest(), expected.digest())

        client.end()
        closed = daemon.wait_for_event("connection_closed", route="feed")
        self.assertGreaterEqual(closed["pauses"], 1)
        self.assertLessEqual(closed["queue_peak"], queue_bytes + READ_BUFFER + PARTLY_WRITTEN)
        self.assertEqual(closed["bytes_down"], BLOCKS * len(BLOCK))
        self.assertEqual(closed["end_code"], "--")

    @staticmethod
    def wait_for_standstill(producer: Producer) -> None:
        """Until the producer has got no further for fifty looks in a row."""
        looks = [0, producer.sent]

        def stands_still() -> bool:
            looks[0] = looks[0] + 1 if producer.sent == looks[1] and producer.sent else 0
            looks[1] = producer.sent
            return looks[0] >= 50

        wait_until("the producer to be paused", stands_still)

    def test_with_the_default_queue(self):
        self.stall_and_resume("64KiB", 64 << 10)

    def test_without_a_queue(self):
        self.stall_and_resume("0B", 0)


if __name__ == "__main__":
    unittest.main()
