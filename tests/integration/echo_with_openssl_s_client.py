#!/usr/bin/env python3
"""OpenSSL's own client talks to an echo route: both TLS versions, verified, cleanly ended."""

import unittest

from harness import SpillwayTest

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {tls}
  echo: true
"""


class EchoWithOpensslClient(SpillwayTest):
    def echo(self, option: str, version: str) -> None:
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        host, port = daemon.address("echo")
        client = self.start("openssl", "s_client", "-connect", f"{host}:{port}", option,
                            "-servername", "localhost", "-verify_return_error",
                            "-CAfile", self.identity.certificate, "-quiet", "-no_ign_eof")
        for line in (b"hello\n", b"spillway\n"):
            client.write(line)
            client.expect(line)
        client.end_input()
        self.assertEqual(client.exit_code(), 0)

        closed = daemon.wait_for_event("connection_closed", route="echo")
        self.assertEqual(closed["tls_version"], version)
        self.assertEqual(closed["sni"], "localhost")
        self.assertEqual(closed["end_code"], "--")
        self.assertEqual(closed["bytes_up"] + closed["bytes_down"], len(b"hello\nspillway\n"))
        self.assertEqual(daemon.stop(), 0)

    def test_tls_1_2(self):
        self.echo("-tls1_2", "TLSv1.2")

    def test_tls_1_3(self):
        self.echo("-tls1_3", "TLSv1.3")

    def test_a_certificate_made_at_the_start_serves_too(self):
        daemon = self.start_daemon(ROUTES.format(tls="{self_signed: true}"))
        host, port = daemon.address("echo")
        client = self.start("openssl", "s_client", "-connect", f"{host}:{port}", "-quiet",
                            "-no_ign_eof")
        client.write(b"hello\n")
        client.expect(b"hello\n")
        client.end_input()
        self.assertEqual(client.exit_code(), 0)

    def test_a_session_is_resumed_with_its_ticket(self):
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        host, port = daemon.address("echo")
        ticket = self.folder / "ticket"
        for option in ("-sess_out", "-sess_in"):
            client = self.start("openssl", "s_client", "-connect", f"{host}:{port}", "-tls1_3",
                                "-CAfile", self.identity.certificate, "-quiet", "-no_ign_eof",
                                option, ticket)
            # The ticket comes behind the handshake: once the echo is here, so is the ticket.
            client.write(b"hello\n")
            client.expect(b"hello\n")
            client.end_input()
            self.assertEqual(client.exit_code(), 0)
        lines = daemon.wait_for_events(2, "connection_closed", route="echo")
        self.assertEqual([line["resumed"] for line in lines], [False, True])


if __name__ == "__main__":
    unittest.main()
