"""The producer: numbered lines at a fixed rate into one connection."""

import select
import socket
import threading
import time

LINE = 200  # bytes
TICK = 0.02  # seconds from one batch of lines to the next

# What the system takes on a producer's behalf before its send blocks.
SEND_BUFFER = 32 * 1024


class Feed(threading.Thread):
    """Sends until it is `over`, then ends its side. A feed that was blocked does not hurry
    afterwards: the time is lost to it, as to a producer that waits for each of its sends."""

    def __init__(self, sock: socket.socket, rate: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self._sock = sock
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._sock.setblocking(False)
        self._rate = rate
        self._over = over
        self._bytes = 0
        self.stalled = 0.0  # seconds

    @property
    def sent(self) -> int:
        """Lines."""
        return self._bytes // LINE

    def run(self) -> None:
        try:
            self._send_lines()
            self._sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the connection was closed on it: `sent` says how far it came

    def _send_lines(self) -> None:
        begin, number = time.monotonic(), 0
        while not self._over.is_set():
            due = int((time.monotonic() - begin - self.stalled) * self._rate)
            if number < due:
                self._send(b"".join(map(_line, range(number, due))))
                number = due
            self._over.wait(TICK)

    def _send(self, data: bytes) -> None:
        while data:
            try:
                taken = self._sock.send(data)
            except BlockingIOError:
                blocked = time.monotonic()
                select.select([], [self._sock], [])
                self.stalled += time.monotonic() - blocked
            else:
                self._bytes += taken
                data = data[taken:]


def _line(number: int) -> bytes:
    return f"seq={number} t={time.monotonic():.6f} ".encode().ljust(LINE - 1, b".") + b"\n"
