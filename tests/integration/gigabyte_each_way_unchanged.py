#!/usr/bin/env python3
"""A gigabyte up and a gigabyte down through TLS to a plain upstream: every byte, in order.

Each block carries its number, so that one that is lost, doubled or moved changes the digest.
"""

import hashlib
import os
import socket
import threading
import unittest
from typing import Callable

from harness import SpillwayTest

BLOCK = 1 << 20
BLOCKS = 1024

ROUTES = """
- name: bulk
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
"""


def send_blocks(send: Callable) -> bytes:
    digest = hashlib.sha256()
    block = bytearray(os.urandom(BLOCK))
    for number in range(BLOCKS):
        block[:8] = number.to_bytes(8, "big")
        digest.update(block)
        send(block)
    return digest.digest()


def receive_blocks(receive_into: Callable) -> bytes:
    digest = hashlib.sha256()
    view = memoryview(bytearray(BLOCK))
    left = BLOCK * BLOCKS
    while left:
        size = receive_into(view[:min(left, BLOCK)])
        if size == 0:
            raise AssertionError(f"the stream ended {left} bytes too early")
        digest.update(view[:size])
        left -= size
    return digest.digest()


class GigabyteEachWay(SpillwayTest):
    def setUp(self):
        super().setUp()
        listener, upstream = self.listen()
        self.daemon = self.start_daemon(
            ROUTES.format(tls=self.identity.config, upstream=upstream))
        self.client = self.identity.client_context().wrap_socket(
            self.connect(self.daemon.address("bulk")), server_hostname="localhost")
        self.addCleanup(self.client.close)
        self.upstream = self.accept(listener)

    def transfer(self, send: Callable, receive_into: Callable) -> None:
        received = []
        receiver = threading.Thread(
            target=lambda: received.append(receive_blocks(receive_into)), daemon=True)
        receiver.start()
        sent = send_blocks(send)
        receiver.join()
        self.assertEqual(received, [sent])

    def test_up_and_down(self):
        self.transfer(self.client.sendall, self.upstream.recv_into)
        self.transfer(self.upstream.sendall, self.client.recv_into)

        self.upstream.shutdown(socket.SHUT_WR)
        self.assertEqual(self.client.recv(1), b"")
        self.client.close()
        closed = self.daemon.wait_for_event("connection_closed", route="bulk")
        self.assertEqual(closed["bytes_up"], BLOCK * BLOCKS)
        self.assertEqual(closed["bytes_down"], BLOCK * BLOCKS)
        self.assertEqual(closed["dropped_bytes"] + closed["unsent_bytes"], 0)


if __name__ == "__main__":
    unittest.main()
