#!/usr/bin/env python3
"""A reset or a truncation on one side never reaches the other as a clean end (SC-24)."""

import unittest

from harness import SpillwayTest, end_of_stream, receive_exactly, reset

PLAIN = """
- name: proxy
  listen: 127.0.0.1:0
  upstream: {{servers: "{upstream}"}}
"""

TLS = """
- name: proxy
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
"""


class ResetIsRelayed(SpillwayTest):
    """Each test lets some bytes pass in both directions first: the session is in its data phase."""

    def start_plain(self):
        listener, upstream_address = self.listen()
        self.daemon = self.start_daemon(PLAIN.format(upstream=upstream_address))
        client = self.connect(self.daemon.address("proxy"))
        upstream = self.accept(listener)
        client.sendall(b"ping")
        self.assertEqual(receive_exactly(upstream, 4), b"ping")
        upstream.sendall(b"pong")
        self.assertEqual(receive_exactly(client, 4), b"pong")
        return client, upstream

    def start_tls(self):
        listener, upstream_address = self.listen()
        self.daemon = self.start_daemon(
            TLS.format(tls=self.identity.config, upstream=upstream_address))
        client = self.connect_tls(self.daemon.address("proxy"))
        upstream = self.accept(listener)
        client.send(b"ping")
        self.assertEqual(receive_exactly(upstream, 4), b"ping")
        upstream.sendall(b"pong")
        self.assertEqual(client.receive_exactly(4), b"pong")
        return client, upstream

    def assert_end_code(self, code: str):
        closed = self.daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual(closed["end_code"], code)
        self.assertEqual(self.daemon.stop(), 0)

    def test_the_upstreams_reset_reaches_a_plain_client(self):
        client, upstream = self.start_plain()
        reset(upstream)
        self.assertEqual(end_of_stream(client), "reset")
        self.assert_end_code("SD")

    def test_the_clients_reset_reaches_the_upstream(self):
        client, upstream = self.start_plain()
        reset(client)
        self.assertEqual(end_of_stream(upstream), "reset")
        self.assert_end_code("CD")

    def test_the_upstreams_reset_reaches_a_tls_client_without_close_notify(self):
        client, upstream = self.start_tls()
        reset(upstream)
        self.assertEqual(client.end_of_stream(), "reset")
        self.assert_end_code("SD")

    def test_a_tls_clients_reset_reaches_the_upstream(self):
        client, upstream = self.start_tls()
        client.reset()
        self.assertEqual(end_of_stream(upstream), "reset")
        self.assert_end_code("CD")

    def test_a_truncated_tls_stream_reaches_the_upstream_as_a_reset(self):
        client, upstream = self.start_tls()
        client.cut()
        self.assertEqual(end_of_stream(upstream), "reset")
        self.assert_end_code("CD")


if __name__ == "__main__":
    unittest.main()
