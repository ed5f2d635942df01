"""A plain TCP peer with the verbs of the TLS one, for tests that are about both."""

import socket

from harness import sockets


class PlainPeer:
    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive_exactly(self, size: int) -> bytes:
        return sockets.receive_exactly(self.socket, size)

    def receive_to_end(self) -> bytes:
        return sockets.receive_to_end(self.socket)

    def end_of_stream(self) -> str:
        return sockets.end_of_stream(self.socket)

    def end(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        sockets.reset(self.socket)

    def close(self) -> None:
        self.socket.close()
