#!/usr/bin/env python3
"""The end of one direction reaches the other side as an end, and leaves the other direction open."""

import socket
import unittest

from harness import SpillwayTest, receive_exactly, receive_to_end

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


class HalfCloseIsRelayed(SpillwayTest):
    def start_plain(self):
        listener, upstream = self.listen()
        self.daemon = self.start_daemon(PLAIN.format(upstream=upstream))
        client = self.connect(self.daemon.address("proxy"))
        return client, self.accept(listener)

    def start_tls(self):
        listener, upstream = self.listen()
        self.daemon = self.start_daemon(TLS.format(tls=self.identity.config, upstream=upstream))
        client = self.connect_tls(self.daemon.address("proxy"))
        return client, self.accept(listener)

    def assert_clean_end(self):
        closed = self.daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual(closed["end_code"], "--")
        self.assertEqual(self.daemon.stop(), 0)

    def test_the_clients_end_reaches_the_upstream_which_then_answers(self):
        client, upstream = self.start_plain()
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_to_end(upstream), b"question")
        upstream.sendall(b"answer")
        self.assertEqual(receive_exactly(client, 6), b"answer")
        upstream.close()
        self.assertEqual(receive_to_end(client), b"")
        self.assert_clean_end()

    def test_the_upstreams_end_reaches_the_client_which_then_goes_on(self):
        client, upstream = self.start_plain()
        upstream.sendall(b"greeting")
        upstream.shutdown(socket.SHUT_WR)
        self.assertEqual(receive_to_end(client), b"greeting")
        client.sendall(b"still here")
        self.assertEqual(receive_exactly(upstream, 10), b"still here")
        client.close()
        self.assertEqual(receive_to_end(upstream), b"")
        self.assert_clean_end()

    def test_close_notify_reaches_the_upstream_as_fin(self):
        client, upstream = self.start_tls()
        client.send(b"question")
        client.end()
        self.assertEqual(receive_to_end(upstream), b"question")
        upstream.sendall(b"answer")
        self.assertEqual(client.receive_exactly(6), b"answer")
        upstream.close()
        self.assertEqual(client.receive_to_end(), b"")
        self.assert_clean_end()

    def test_fin_reaches_a_tls_client_as_close_notify(self):
        client, upstream = self.start_tls()
        upstream.sendall(b"greeting")
        upstream.shutdown(socket.SHUT_WR)
        self.assertEqual(client.receive_to_end(), b"greeting")
        client.send(b"still here")
        self.assertEqual(receive_exactly(upstream, 10), b"still here")
        client.end()
        self.assertEqual(receive_to_end(upstream), b"")
        self.assert_clean_end()


if __name__ == "__main__":
    unittest.main()
