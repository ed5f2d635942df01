#!/usr/bin/env python3
"""GnuTLS, an implementation of TLS that shares no code with OpenSSL, talks to an echo route."""

import unittest

from harness import SpillwayTest

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {tls}
  echo: true
"""


class EchoWithGnutlsClient(SpillwayTest):
    def echo(self, priority: str, version: str) -> None:
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        host, port = daemon.address("echo")
        client = self.start("gnutls-cli", f"--priority={priority}", f"--port={port}",
                            f"--x509cafile={self.identity.certificate}",
                            "--sni-hostname=localhost", "--verify-hostname=localhost", host)
        client.expect(b"Handshake was completed")
        for line in (b"hello from gnutls\n", b"and once more\n"):
            client.write(line)
            client.expect(line)
        client.end_input()
        self.assertEqual(client.exit_code(), 0)

        closed = daemon.wait_for_event("connection_closed", route="echo")
        self.assertEqual(closed["tls_version"], version)
        self.assertEqual(closed["end_code"], "--")

    def test_tls_1_2(self):
        self.echo("NORMAL:-VERS-ALL:+VERS-TLS1.2", "TLSv1.2")

    def test_tls_1_3(self):
        self.echo("NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLSv1.3")


if __name__ == "__main__":
    unittest.main()
