"""The two ends of a flow of numbered messages."""

import threading
from typing import Optional, Union

from harness.output import PATIENCE
from harness.plain_peer import PlainPeer
from harness.tls_peer import TlsPeer, Truncated

Peer = Union[PlainPeer, TlsPeer]

BURST = 32  # messages handed to the system at once


class Source:
    """Sends as fast as it is let, on a thread of its own, until it is stopped or cut off."""

    def __init__(self, peer: Peer, messages: type) -> None:
        self.messages = 0  # sent so far
        self.bytes = 0
        self.cut_off: Optional[OSError] = None
        self._peer = peer
        self._kind = messages
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """After the burst that it is at: its sink must take that, or lose it."""
        self._stopping.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), f"the source is held up after {self.bytes} bytes"

    def until_cut_off(self) -> OSError:
        """Waits until sending fails."""
        self._thread.join(PATIENCE)
        assert self.cut_off, f"the source is not cut off after {self.bytes} bytes"
        return self.cut_off

    def send(self, count: int) -> None:
        """More of them. REQUIRES: stopped."""
        burst = b"".join(map(self._kind.encode, range(self.messages, self.messages + count)))
        self._peer.send(burst)
        self.messages += count
        self.bytes += len(burst)

    def end(self) -> None:
        self._peer.end()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self.send(BURST)
        except OSError as error:
            self.cut_off = error


class Sink:
    """Reads nothing until it is told to, and then everything, on a thread of its own."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self._stream = b""
        self._error: Optional[Exception] = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def address(self) -> str:
        host, port = self.peer.socket.getsockname()
        return f"{host}:{port}"

    def resume(self) -> None:
        self._thread.start()

    def to_end(self) -> bytes:
        """The whole stream, once it has ended cleanly."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the sink's stream does not end"
        if self._error:
            raise self._error
        return self._stream

    def _run(self) -> None:
        try:
            self._stream = self.peer.receive_to_end()
        except (OSError, Truncated) as error:
            self._error = error
