#!/usr/bin/env python3
"""A route speaks TLS to its servers: what they prove to be is verified, each failure leaves a line
with OpenSSL's words, and each side's end reaches the other."""

import re
import socket
import ssl
import unittest

from harness import Identity, SpillwayTest, end_of_stream, receive_exactly, receive_to_end
from harness.daemon import binary

ROUTES = """
- name: proxy
  listen: 127.0.0.1:0
  upstream:
    servers: [{servers}]
    tls: {{{tls}}}
"""

ANSWER = bytes(range(256)) * 400


def refusing_address() -> str:
    """An address that was free a moment ago, and where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


class TlsToUpstream(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.trusting = f"ca: {self.identity.certificate}, server_name: localhost"

    def start_route(self, tls: str, *first_servers: str) -> socket.socket:
        """A client of a route with a server at self.listener, which nothing is accepted from yet."""
        self.listener, address = self.listen()
        servers = ", ".join(f'"{server}"' for server in (*first_servers, address))
        self.daemon = self.start_daemon(ROUTES.format(servers=servers, tls=tls))
        return self.connect(self.daemon.address("proxy"))

    def assert_relayed(self, client: socket.socket) -> None:
        upstream = self.accept_tls(self.listener)
        client.sendall(b"question")
        self.assertEqual(upstream.receive_exactly(8), b"question")
        upstream.send(ANSWER)
        self.assertEqual(receive_exactly(client, len(ANSWER)), ANSWER)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(upstream.receive_to_end(), b"")
        upstream.end()
        self.assertEqual(receive_to_end(client), b"")
        self.assert_clean_end()

    def assert_clean_end(self) -> None:
        closed = self.daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual(closed["end_code"], "--")
        self.assertEqual(self.daemon.stop(), 0)

    def assert_failed(self, client: socket.socket, reason: str, words: str,
                      code: str = "SC") -> None:
        self.assertEqual(end_of_stream(client), "reset")
        line = self.daemon.wait_for_event("upstream_failed", route="proxy")
        self.assertEqual(line["reason"], reason)
        self.assertIn(words, line["detail"])
        self.assertEqual(line["server"], "127.0.0.1:%d" % self.listener.getsockname()[1])
        closed = self.daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual((closed["end_code"], closed["end_reason"]), (code, reason))

    def assert_refused(self, tls: str, words: str) -> None:
        """The server is told by an alert, and never sees what the client said."""
        client = self.start_route(tls)
        client.sendall(b"secret")
        with self.assertRaisesRegex(ssl.SSLError, "ALERT"):
            self.accept_tls(self.listener)
        self.assert_failed(client, "layer_failed", "certificate verify failed: " + words)


class Data(TlsToUpstream):
    def test_it_passes_both_ways(self):
        self.assert_relayed(self.start_route(self.trusting))

    def test_an_address_is_verified_where_the_server_has_no_name(self):
        self.assert_relayed(self.start_route(f"ca: {self.identity.certificate}"))

    def test_the_next_server_is_taken_where_the_first_is_down(self):
        client = self.start_route(self.trusting, refusing_address())
        self.assert_relayed(client)
        self.assertEqual(len(self.daemon.events("upstream_skipped", reason="refused")), 1)

    def test_anyone_is_taken_where_that_is_spelled_out(self):
        self.identity.expire()
        self.assert_relayed(self.start_route("insecure_skip_verify: true"))

    def test_the_server_hears_the_name_that_it_is_asked_for(self):
        names = []
        context = self.identity.server_context()
        context.sni_callback = lambda _, name, __: names.append(name)
        self.start_route(self.trusting)
        self.accept_tls(self.listener, context)
        self.assertEqual(names, ["localhost"])

    def test_openssls_server_serves_without_a_file_too(self):
        for option in ("-tls1_2", "-tls1_3"):
            with self.subTest(option):
                server = self.start("openssl", "s_server", "-accept", "127.0.0.1:0", "-rev", option,
                                    "-cert", self.identity.certificate, "-key", self.identity.key)
                found = server.output.wait_for("address", re.compile(rb"ACCEPT (\S+:\d+)\s").search)
                daemon = self.start(binary(), "proxy", "--listen", "127.0.0.1:0", "--to",
                                    found[1].decode(), "--to-tls", "--to-ca",
                                    self.identity.certificate, "--to-name", "localhost")
                listening = daemon.errors.wait_for(
                    "listening line", re.compile(rb"listen=127\.0\.0\.1:(\d+)\s").search)
                client = self.connect(("127.0.0.1", int(listening[1])))
                client.sendall(b"spillway\n")
                self.assertEqual(receive_exactly(client, 9), b"yawllips\n")


class Ends(TlsToUpstream):
    def test_the_clients_end_is_a_goodbye_to_the_server_which_then_answers(self):
        client = self.start_route(self.trusting)
        upstream = self.accept_tls(self.listener)
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(upstream.receive_to_end(), b"question")
        upstream.send(ANSWER)
        self.assertEqual(receive_exactly(client, len(ANSWER)), ANSWER)
        upstream.end()
        self.assertEqual(receive_to_end(client), b"")
        self.assert_clean_end()

    def test_the_servers_goodbye_reaches_the_client_which_then_goes_on(self):
        client = self.start_route(self.trusting)
        upstream = self.accept_tls(self.listener)
        upstream.send(b"greeting")
        upstream.end()
        self.assertEqual(receive_to_end(client), b"greeting")
        client.sendall(b"still here")
        self.assertEqual(upstream.receive_exactly(10), b"still here")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(upstream.receive_to_end(), b"")
        self.assert_clean_end()

    def test_goodbyes_pass_where_both_sides_speak_tls(self):
        self.listener, address = self.listen()
        routes = ROUTES.format(servers=f'"{address}"', tls=self.trusting)
        self.daemon = self.start_daemon(routes + f"  tls: {self.identity.config}\n")
        client = self.connect_tls(self.daemon.address("proxy"))
        upstream = self.accept_tls(self.listener)
        client.send(b"question")
        client.end()
        self.assertEqual(upstream.receive_to_end(), b"question")
        upstream.send(b"answer")
        upstream.end()
        self.assertEqual(client.receive_to_end(), b"answer")
        self.assert_clean_end()

    def test_a_truncation_reaches_the_client_as_a_reset(self):
        client = self.start_route(self.trusting)
        upstream = self.accept_tls(self.listener)
        upstream.send(b"half of it")
        self.assertEqual(receive_exactly(client, 10), b"half of it")
        upstream.cut()
        self.assertEqual(end_of_stream(client), "reset")
        closed = self.daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual((closed["end_code"], closed["end_reason"]), ("SD", "truncated"))


class Failures(TlsToUpstream):
    def test_a_server_of_another_authority_is_refused(self):
        folder = self.folder / "other"
        folder.mkdir()
        other = Identity(folder)
        self.assert_refused(f"ca: {other.certificate}, server_name: localhost",
                            "self-signed certificate")

    def test_the_systems_authorities_do_not_vouch_for_it(self):
        self.assert_refused("server_name: localhost", "self-signed certificate")

    def test_a_server_of_another_name_is_refused(self):
        self.assert_refused(f"ca: {self.identity.certificate}, server_name: feed.internal",
                            "hostname mismatch (wanted feed.internal)")

    def test_an_expired_certificate_is_refused(self):
        self.identity.expire()
        self.assert_refused(self.trusting, "certificate has expired")

    def test_a_server_that_does_not_speak_tls_is_told_as_such(self):
        client = self.start_route(self.trusting)
        self.accept(self.listener).sendall(b"220 mail.internal ESMTP\r\n")
        self.assert_failed(client, "layer_failed", "the peer does not speak TLS")

    def test_a_server_that_says_nothing_has_limited_time(self):
        client = self.start_route(self.trusting + ", handshake_timeout: 50ms")
        self.accept(self.listener)
        self.assert_failed(client, "handshake_timeout", "took longer than 50ms", code="TC")


if __name__ == "__main__":
    unittest.main()
