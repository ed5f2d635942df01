"""Plain sockets on loopback, with a bound on every wait."""

import socket
import struct
from typing import Tuple

from harness.output import PATIENCE


def connect(address: Tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=PATIENCE)


def listen_on_loopback() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(PATIENCE)
    return listener


def accept(listener: socket.socket) -> socket.socket:
    sock, _ = listener.accept()
    sock.settimeout(PATIENCE)  # not inherited
    return sock


def receive_exactly(sock: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = sock.recv(size - len(data))
        if not chunk:
            raise AssertionError(f"the stream ended after {len(data)} of {size} bytes")
        data += chunk
    return bytes(data)


def receive_to_end(sock: socket.socket) -> bytes:
    """Everything up to a clean end; a reset raises ConnectionResetError."""
    data = bytearray()
    while chunk := sock.recv(65536):
        data += chunk
    return bytes(data)


def end_of_stream(sock: socket.socket) -> str:
    """How the stream ends: "clean" or "reset". What comes before that is read and forgotten."""
    try:
        receive_to_end(sock)
    except ConnectionResetError:
        return "reset"
    return "clean"


def reset(sock: socket.socket) -> None:
    """Closes so that the peer sees a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
