"""Clients of an echo: each sends a message, waits until it is back, and sends the next."""

import selectors
import socket
import time
from typing import List, NamedTuple

from harness.output import PATIENCE

MESSAGE = b"m" * 511 + b"\n"


class Measured(NamedTuple):
    per_second: float
    p99_us: float


class RoundTrips:
    """Takes its sockets over."""

    def __init__(self, clients: List[socket.socket]) -> None:
        self._selector = selectors.DefaultSelector()
        self._clients = [_Client(client) for client in clients]
        for client in self._clients:
            self._selector.register(client.socket, selectors.EVENT_READ, client)

    def measure(self, seconds: float) -> Measured:
        """With all of them at work for so long; none has a message on its way at the end."""
        start = time.monotonic()
        took: List[float] = []
        for client in self._clients:
            client.send()
        on_their_way = len(self._clients)
        while on_their_way:
            ready = self._selector.select(PATIENCE)
            assert ready, f"{on_their_way} echoes do not come back"
            for key, _ in ready:
                if not key.data.receive():
                    continue
                took.append(time.monotonic() - key.data.sent)
                if time.monotonic() - start < seconds:
                    key.data.send()
                else:
                    on_their_way -= 1
        took.sort()
        return Measured(len(took) / (time.monotonic() - start), took[len(took) * 99 // 100] * 1e6)


class _Client:
    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.sent = 0.0
        self._missing = 0

    def send(self) -> None:
        self.sent = time.monotonic()
        self._missing = len(MESSAGE)
        self.socket.sendall(MESSAGE)

    def receive(self) -> bool:
        """Whether the message is back."""
        received = len(self.socket.recv(self._missing))
        assert received, "the echo ended"
        self._missing -= received
        return self._missing == 0
