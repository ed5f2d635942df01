#!/usr/bin/env python3
"""Clients that never read, and the upstream that feeds each of them. A program of its own, so that
its work costs the clients that are measured none of their interpreter's time.

    stopped_sinks.py COUNT PORT PATH

PORT is the route's, PATH the socket of its upstream. Says "fed" when every client is connected and
each was sent enough to fill every buffer on its way, or as much as was taken; goes on at a steady
rate, and ends with its input.
"""

import resource
import select
import socket
import sys
import time
from pathlib import Path

LINE = b"x" * 1023 + b"\n"
LINES = memoryview(LINE * 1024)
FILLING = 640 << 10  # bytes for each
RATE = 2000  # lines in a second, to all together


class Feed:
    """One upstream connection, that sends what its peer takes and goes on from there."""

    def __init__(self, sock: socket.socket) -> None:
        self.sent = 0
        self._socket = sock
        self._socket.setblocking(False)

    def send(self, size: int) -> None:
        begin = self.sent % len(LINE)
        try:
            self.sent += self._socket.send(LINES[begin:begin + size])
        except BlockingIOError:
            pass  # its source is paused


def connect(port: int) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    client.connect(("127.0.0.1", port))
    return client


def fill(feeds: list) -> None:
    """In rounds, until none takes any more or each has had enough."""
    before = -1
    while before < (now := sum(feed.sent for feed in feeds)) < FILLING * len(feeds):
        before = now
        for feed in feeds:
            feed.send(64 << 10)


def feed_until_told(feeds: list) -> None:
    start, lines = time.monotonic(), 0
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        due = int((time.monotonic() - start) * RATE)
        for number in range(lines, due):
            feeds[number % len(feeds)].send(len(LINE))
        lines = due


def main(count: int, port: int, path: str) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    Path(path).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        pairs = [(connect(port), Feed(listener.accept()[0])) for _ in range(count)]
    feeds = [feed for _, feed in pairs]
    fill(feeds)
    print("fed", flush=True)
    feed_until_told(feeds)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
