#!/usr/bin/env python3
"""When clients have taken all the descriptors that there are for them, who asks by the admin address is
answered all the same, and everything goes on when some are free again."""

import contextlib
import re
import unittest

from harness import Admin, SpillwayTest, receive_exactly

HEAD = """\
threads: 1
log: {level: info, format: json, target: stderr}
admin: {listen: "127.0.0.1:0"}
"""

ROUTES = """
- name: feed
  listen: 127.0.0.1:0
  upstream: {{servers: "{upstream}"}}
- name: echo
  listen: 127.0.0.1:0
  echo: true
"""

FEW = 80  # descriptors


class OutOfDescriptors(SpillwayTest):
    def setUp(self):
        super().setUp()
        self.listener, upstream = self.listen()
        self.daemon = self.start_daemon(ROUTES.format(upstream=upstream), HEAD, under=[
            "bash", "-c", f'ulimit -n {FEW}; exec "$0" "$@"'])

    def ask_anew(self, path):
        """As a collector does: over a connection of its own."""
        admin = Admin(self.daemon.admin().address)
        self.addCleanup(admin.close)
        return admin.ask(path)

    def take_all(self):
        """Clients until one is turned away."""
        clients = []
        while not self.daemon.events("accept_failed"):
            try:
                client = self.connect(self.daemon.address("echo"))
                client.sendall(b"x")
                receive_exactly(client, 1)
                clients.append(client)
            except (BrokenPipeError, ConnectionResetError):
                self.daemon.wait_for_event("accept_failed", reason="Too many open files")
        return clients

    def test_the_admin_address_answers(self):
        self.take_all()
        self.assertEqual(self.ask_anew("/healthz").status, 200)
        text = self.ask_anew("/metrics").text
        figure = {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.M)}
        self.assertEqual(figure["process_max_fds"], FEW)
        # All but the reserve, and of that what the asking took.
        self.assertGreaterEqual(figure["process_open_fds"], FEW * 7 // 8)
        self.assertLess(figure["process_open_fds"], FEW)

    def test_no_server_is_connected_with_the_reserve(self):
        clients = self.take_all()
        clients.pop().close()
        self.daemon.wait_for_event("connection_closed", route="echo")
        # The reset may be there before the client has seen that it is connected.
        with contextlib.suppress(ConnectionResetError):
            self.connect(self.daemon.address("feed"))
        failed = self.daemon.wait_for_event("upstream_failed")
        self.assertEqual(failed["reason"], "io_error")
        self.assertIn("Too many open files", failed["detail"])
        self.assertEqual(self.ask_anew("/healthz").status, 200)

    def test_it_goes_on_when_some_are_free_again(self):
        clients = self.take_all()
        for client in clients[:4]:
            client.close()
        self.daemon.wait_for_events(4, "connection_closed", route="echo", end_by="client")
        client = self.connect(self.daemon.address("feed"))
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(self.accept(self.listener), 5), b"hello")


if __name__ == "__main__":
    unittest.main()
