#!/usr/bin/env python3
"""/metrics counts TLS handshakes by version and by whether a session was resumed, and makes no
series of what clients say of themselves."""

import re
import ssl
import unittest

from harness import SpillwayTest, TlsPeer, receive_exactly

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
admin: {listen: "127.0.0.1:0"}
"""

ROUTES = """
- name: secure
  listen: 127.0.0.1:0
  tls: %s
  echo: true
"""

HANDSHAKES = "spillway_tls_handshakes_total"


class HandshakesAreCounted(SpillwayTest):
    def serve(self) -> None:
        self.daemon = self.start_daemon(ROUTES % self.identity.config, HEAD)
        self.admin = self.daemon.admin()
        self.addCleanup(self.admin.close)
        self.address = self.daemon.address("secure")

    def series(self) -> dict:
        """Values by names with their labels."""
        lines = self.admin.ask("/metrics").text.splitlines()
        return {name: float(value) for name, _, value in (
            line.rpartition(" ") for line in lines if not line.startswith("#"))}

    def handshakes(self) -> dict:
        """Where there were any: by version and whether resumed, or by result if they failed."""
        counted = {}
        for name, value in self.series().items():
            if not name.startswith(HANDSHAKES + "{") or not value:
                continue
            labels = dict(re.findall(r'(\w+)="([^"]*)"', name))
            self.assertEqual(labels["route"], "secure")
            is_ok = labels["result"] == "ok"
            counted[(labels["version"], labels["resumed"]) if is_ok else labels["result"]] = value
        return counted

    def test_by_version_and_whether_they_were_resumed(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version.name):
                self.serve()
                self.assertEqual(self.handshakes(), {})
                context = self.identity.client_context()
                context.minimum_version = context.maximum_version = version
                name = version.name.replace("_", ".")
                session = self.exchange(context)
                self.assertEqual(self.handshakes(), {(name, "false"): 1})
                self.exchange(context, session)
                self.assertEqual(self.handshakes(), {(name, "false"): 1, (name, "true"): 1})

    def exchange(self, context: ssl.SSLContext, session: object = None) -> ssl.SSLSession:
        """The new session, or the same; what comes back says that the daemon has counted it."""
        with context.wrap_socket(self.connect(self.address), server_hostname="localhost",
                                 session=session) as client:
            client.sendall(b"hello")
            self.assertEqual(receive_exactly(client, 5), b"hello")
            self.assertEqual(client.session_reused, session is not None)
            return client.session

    def test_clients_make_no_series(self):
        self.serve()
        before = self.series()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        for number in range(50):
            client = TlsPeer(self.connect(self.address), context,
                             server_hostname=f"client-{number}.example")
            client.send(b"hello")
            self.assertEqual(client.receive_exactly(5), b"hello")
            client.close()
            # One that takes the daemon for somebody else.
            with self.assertRaises(ssl.SSLCertVerificationError):
                TlsPeer(self.connect(self.address), self.identity.client_context(),
                        server_hostname=f"stranger-{number}.example")
        closed = self.daemon.wait_for_events(100, "connection_closed")
        self.assertEqual(len({line["sni"] for line in closed}), 100)
        after = self.series()
        self.assertEqual(set(after), set(before))
        self.assertEqual(after['spillway_connections_opened_total{route="secure"}'], 100)


if __name__ == "__main__":
    unittest.main()
