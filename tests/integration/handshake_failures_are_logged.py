#!/usr/bin/env python3
"""Each handshake that fails leaves one line with the peer, its SNI and the reason; a visitor who
says nothing leaves none. The route goes on serving."""

import unittest

from harness import SpillwayTest, receive_to_end

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {{self_signed: true, min_version: "1.3", handshake_timeout: {timeout}}}
  echo: true
"""


class HandshakeFailures(SpillwayTest):
    def start_route(self, timeout: str = "10s"):
        self.daemon = self.start_daemon(ROUTES.format(timeout=timeout))
        self.address = self.daemon.address("echo")

    def s_client(self, *options: object) -> None:
        host, port = self.address
        client = self.start("openssl", "s_client", "-connect", f"{host}:{port}", *options)
        client.end_input()
        self.assertNotEqual(client.exit_code(), 0)

    def assert_failure(self, words: str, **fields: object):
        line = self.daemon.wait_for_event("handshake_failed", route="echo", **fields)
        self.assertIn(words, line["reason"])
        self.assertRegex(line["peer"], r"^127\.0\.0\.1:\d+$")
        self.assert_still_serving()
        self.assertEqual(len(self.daemon.events("handshake_failed")), 1)

    def assert_still_serving(self):
        host, port = self.address
        client = self.start("openssl", "s_client", "-connect", f"{host}:{port}", "-quiet",
                            "-no_ign_eof")
        client.write(b"hello\n")
        client.expect(b"hello\n")
        client.end_input()
        self.assertEqual(client.exit_code(), 0)

    def test_plain_http_is_told_as_such(self):
        self.start_route()
        client = self.connect(self.address)
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        receive_to_end(client)
        self.assert_failure("http request", sni="")

    def test_garbage_is_told_as_such(self):
        self.start_route()
        client = self.connect(self.address)
        client.sendall(b"\x00" * 64)
        receive_to_end(client)
        self.assert_failure("does not speak TLS", sni="")

    def test_a_version_that_is_too_old_names_the_sni_that_was_asked_for(self):
        self.start_route()
        self.s_client("-tls1_2", "-servername", "old.example")
        self.assert_failure("unsupported protocol", sni="old.example")

    def test_a_client_that_does_not_trust_the_certificate_says_so_by_an_alert(self):
        self.start_route()
        self.s_client("-verify_return_error", "-servername", "localhost")
        self.assert_failure("unknown ca", sni="localhost")

    def test_a_client_that_is_too_slow_is_ended(self):
        self.start_route(timeout="50ms")
        client = self.connect(self.address)
        client.sendall(b"\x16\x03\x01")
        try:
            receive_to_end(client)
        except ConnectionResetError:
            pass  # either end will do
        line = self.daemon.wait_for_event("handshake_failed", route="echo")
        self.assertIn("time", line["reason"])

    def test_a_visitor_who_leaves_without_a_byte_is_no_failure(self):
        self.start_route()
        self.connect(self.address).close()
        self.assert_still_serving()
        self.daemon.wait_for_event("connection_closed", route="echo")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.daemon.events("handshake_failed"), [])


if __name__ == "__main__":
    unittest.main()
