"""A TLS client that reads the feed, at once or slowly, and looks whether anything is missing."""

import socket
import ssl
import threading
import time
from typing import Optional, Tuple

# A slow consumer's system takes little on its behalf, so that its slowness shows within a second.
SLOW_RECEIVE_BUFFER = 4 * 1024
READS_A_SECOND = 4


class Consumer(threading.Thread):
    """Reads to the end of the stream: `pace` bytes a second until `hurry`, then what is left as
    fast as it comes. Without a pace it always does."""

    def __init__(self, address: Tuple[str, int], pace: Optional[int],
                 hurry: threading.Event) -> None:
        super().__init__(daemon=True)
        self._pace = pace
        self._hurry = hurry
        self._rest = b""
        self._next = 0
        self.delivered = 0
        self.gaps = 0
        self.lag = 0.0  # how old the last line was that came before the hurry, in seconds
        self.fault: Optional[str] = None
        self._sock = _connect(address, SLOW_RECEIVE_BUFFER if pace else None)
        host, port = self._sock.getsockname()
        self.address = f"{host}:{port}"  # as the daemon's log has it

    def run(self) -> None:
        try:
            while data := self._sock.recv(self._size_of_read()):
                self._take(data)
                if self._pace:
                    self._hurry.wait(1 / READS_A_SECOND)
            self._sock = self._sock.unwrap()
        except OSError:
            pass  # it was disconnected: the daemon's log says why
        self._sock.close()

    def misses_the_last_of(self, lines: int) -> bool:
        return self._next < lines

    def _size_of_read(self) -> int:
        if self._pace and not self._hurry.is_set():
            return self._pace // READS_A_SECOND
        return 64 * 1024

    def _take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._look_at(line)
        if lines and not self._hurry.is_set():
            self.lag = time.monotonic() - _value(lines[-1], b" t=")

    def _look_at(self, line: bytes) -> None:
        number = int(_value(line, b"seq="))
        if number < self._next:
            self.fault = self.fault or f"line {number} came after line {self._next - 1}"
        if number > self._next:
            self.gaps += 1
        self._next = number + 1
        self.delivered += 1


def _connect(address: Tuple[str, int], receive_buffer: Optional[int]) -> ssl.SSLSocket:
    # The daemon makes its certificate when it starts: there is nothing to check it against.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    sock = socket.socket()
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    sock.settimeout(30)
    sock.connect(address)
    return context.wrap_socket(sock)


def _value(line: bytes, key: bytes) -> float:
    return float(line.partition(key)[2].split(b" ", 1)[0])
