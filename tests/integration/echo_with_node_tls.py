#!/usr/bin/env python3
"""Node's tls module sends a megabyte in odd pieces to an echo route and gets it back unchanged."""

import unittest
from pathlib import Path

from harness import SpillwayTest

CLIENT = Path(__file__).with_name("node_echo_client.js")

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {tls}
  echo: true
"""


class EchoWithNode(SpillwayTest):
    def echo(self, version: str) -> None:
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        _, port = daemon.address("echo")
        said = self.run_program("node", CLIENT, port, self.identity.certificate, version)
        self.assertEqual(said.split(), [version, "unchanged"])

        closed = daemon.wait_for_event("connection_closed", route="echo")
        self.assertEqual(closed["tls_version"], version)
        self.assertEqual(closed["end_code"], "--")
        self.assertEqual(closed["unsent_bytes"], 0)

    def test_tls_1_2(self):
        self.echo("TLSv1.2")

    def test_tls_1_3(self):
        self.echo("TLSv1.3")


if __name__ == "__main__":
    unittest.main()
