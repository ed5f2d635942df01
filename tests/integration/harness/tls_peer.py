"""A TLS peer that shows what sockets hide: close_notify in each direction, and its absence."""

import socket
import ssl
from typing import Callable

from harness.sockets import reset


class Truncated(Exception):
    """The TCP stream ended without close_notify."""


class TlsPeer:
    """Python's TLS fed by hand from a socket. Everything that arrives is decrypted at once, so that
    ending the sending side never meets data that it has not read."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, **side: object) -> None:
        """`side` is what SSLContext.wrap_bio takes: server_side, or server_hostname."""
        self.socket = sock
        self._from_peer, self._to_peer = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._from_peer, self._to_peer, **side)
        self._plain = bytearray()
        self._ended = False  # close_notify came
        while not self._advanced(self._tls.do_handshake):
            self._feed()

    @property
    def version(self) -> str:
        return self._tls.version() or ""

    def send(self, data: bytes) -> None:
        self._tls.write(data)
        self._flush()

    def receive_exactly(self, size: int) -> bytes:
        while len(self._plain) < size:
            if not self._receive_some() and len(self._plain) < size:
                raise AssertionError(f"close_notify after {len(self._plain)} of {size} bytes")
        data = bytes(self._plain[:size])
        del self._plain[:size]
        return data

    def receive_to_end(self) -> bytes:
        """Everything up to close_notify. Raises Truncated, or ConnectionResetError."""
        while self._receive_some():
            pass
        data = bytes(self._plain)
        self._plain.clear()
        return data

    def end_of_stream(self) -> str:
        """How the stream ends: "clean", "truncated" or "reset"."""
        try:
            self.receive_to_end()
        except ConnectionResetError:
            return "reset"
        except Truncated:
            return "truncated"
        return "clean"

    def end(self) -> None:
        """Sends close_notify and FIN; receiving goes on."""
        self._advanced(self._tls.unwrap)
        self.socket.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Sends FIN without close_notify."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        reset(self.socket)

    def close(self) -> None:
        self.socket.close()

    def _advanced(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except ssl.SSLWantReadError:
            return False
        finally:
            self._flush()
        return True

    def _flush(self) -> None:
        if wire := self._to_peer.read():
            self.socket.sendall(wire)

    def _feed(self) -> None:
        wire = self.socket.recv(262144)
        if not wire:
            raise Truncated
        self._from_peer.write(wire)

    def _receive_some(self) -> bool:
        """False when close_notify has come."""
        before = len(self._plain)
        self._decrypt()
        while len(self._plain) == before and not self._ended:
            self._feed()
            self._decrypt()
        return not self._ended

    def _decrypt(self) -> None:
        try:
            while chunk := self._tls.read(65536):
                self._plain += chunk
            self._ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._ended = True
        finally:
            self._flush()
