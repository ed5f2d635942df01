#!/usr/bin/env python3
"""A session whose upstream does not answer ends with a reset, a reason, and the code for it."""

import socket
import unittest

from harness import SpillwayTest, end_of_stream, receive_exactly

ROUTES = """
- name: proxy
  listen: 127.0.0.1:0
  upstream: {{servers: [{servers}]}}
"""


def refusing_address() -> str:
    """An address that was free a moment ago, and where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f'"127.0.0.1:{listener.getsockname()[1]}"'


class UpstreamFailures(SpillwayTest):
    def assert_reset(self, address):
        try:
            self.assertEqual(end_of_stream(self.connect(address)), "reset")
        except ConnectionResetError:
            pass  # so soon that connecting heard it

    def test_a_refused_connect_ends_the_session(self):
        daemon = self.start_daemon(ROUTES.format(servers=refusing_address()))
        self.assert_reset(daemon.address("proxy"))
        closed = daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual(closed["end_code"], "SC")

    def test_a_unix_path_without_a_socket_counts_as_refused(self):
        path = self.folder / "nobody.sock"
        daemon = self.start_daemon(ROUTES.format(servers=f'"unix:{path}"'))
        self.assert_reset(daemon.address("proxy"))
        closed = daemon.wait_for_event("connection_closed", route="proxy")
        self.assertEqual(closed["end_code"], "SC")

    def test_the_next_server_is_tried(self):
        listener, upstream = self.listen()
        daemon = self.start_daemon(
            ROUTES.format(servers=f'{refusing_address()}, "{upstream}"'))
        client = self.connect(daemon.address("proxy"))
        client.sendall(b"ping")
        self.assertEqual(receive_exactly(self.accept(listener), 4), b"ping")


if __name__ == "__main__":
    unittest.main()
