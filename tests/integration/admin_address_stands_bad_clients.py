#!/usr/bin/env python3
"""Clients of the admin address that are slow, many, or send what is no request: they cost the
daemon little, keep no other client out, and the routes do not notice."""

import os
import random
import socket
import unittest

from harness import SpillwayTest, end_of_stream, receive_exactly, receive_to_end

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
admin: {listen: "127.0.0.1:0"}
"""

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  echo: true
"""

CLIENTS = 32  # that there may be at a time


class BadClients(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.daemon = self.start_daemon(ROUTES, head=HEAD)
        self.address = self.daemon.admin().address

    def open(self, text: bytes = b"") -> socket.socket:
        client = self.connect(self.address)
        client.sendall(text)
        return client

    def answer_to(self, text: bytes) -> bytes:
        client = self.open(text)
        client.shutdown(socket.SHUT_WR)
        return receive_to_end(client)

    def assert_well(self) -> None:
        admin = self.daemon.admin()
        self.assertEqual(admin.ask("/healthz").text, "ok\n")
        admin.close()
        client = self.connect(self.daemon.address("echo"))
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        client.close()

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.daemon.pid}/fd"))

    def test_requests_that_never_end_keep_nobody_out(self):
        without = self.open_files()
        slow, open_files = [], []
        for _ in range(3 * CLIENTS):
            slow.append(self.open(b"GET /healthz HTTP/1.1\r\nX: "))
            open_files.append(self.open_files())
        self.assert_well()
        open_files.append(self.open_files())
        # One more is accepted before the one that waited longest is closed.
        self.assertLessEqual(max(open_files), without + CLIENTS + 1)
        self.assertGreater(max(open_files), without)
        for client in slow[:CLIENTS]:
            self.assertIn(end_of_stream(client), ("clean", "reset"))

    def test_clients_that_say_nothing_keep_nobody_out(self):
        silent = [self.open() for _ in range(3 * CLIENTS)]
        self.assert_well()
        for client in silent:
            client.close()
        self.assert_well()

    def test_requests_that_are_too_large(self):
        self.assertIn(b" 431 ", self.answer_to(b"GET /" + b"a" * 10000 + b" HTTP/1.1\r\n\r\n"))
        self.assertIn(b" 431 ", self.answer_to(
            b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 5000 + b"\r\n"))
        self.assertIn(b" 413 ", self.answer_to(
            b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"))
        self.assert_well()

    def test_what_is_no_request(self):
        self.assertIn(b" 400 ", self.answer_to(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"))
        chance = random.Random(7)
        for _ in range(200):
            self.open(chance.randbytes(chance.randrange(1, 400)) + b"\r\n\r\n").close()
            self.open(b"GET /status HTTP/1.1\r\n\r\n"[:chance.randrange(1, 24)]).close()
        self.assert_well()

    def test_answers_that_nobody_reads(self):
        unread = [self.open(b"GET /metrics HTTP/1.1\r\n\r\n" * 50) for _ in range(CLIENTS // 2)]
        self.assert_well()
        for client in unread:
            client.close()
        self.assert_well()


if __name__ == "__main__":
    unittest.main()
