#!/usr/bin/env python3
"""A daemon starts whole or not at all: an address that is taken is named, and nothing is served."""

import socket
import unittest

from harness import SpillwayTest

ROUTES = """
- name: free
  listen: "unix:{path}"
  echo: true
- name: taken
  listen: {address}
  echo: true
"""

ECHO = """
- name: echo
  listen: "127.0.0.1:{port}"
  echo: true
"""


class PortInUse(SpillwayTest):
    def test_the_route_and_the_address_are_named_and_the_others_released(self):
        _, address = self.listen()
        path = self.folder / "free.sock"
        daemon = self.start_daemon(ROUTES.format(path=path, address=address))
        self.assertEqual(daemon.exit_code(), 1)
        said = daemon.errors.to_end().decode() + daemon.output.to_end().decode()
        self.assertIn("taken", said)
        self.assertIn(address, said)
        self.assertIn("Address already in use", said)
        self.assertFalse(path.exists())

    def test_loops_do_not_share_a_port_with_another_daemon(self):
        first = self.start_daemon(ECHO.format(port=0))
        _, port = first.address("echo")
        second = self.start_daemon(ECHO.format(port=port))
        self.assertEqual(second.exit_code(), 1)
        self.assertIn(b"Address already in use", second.errors.to_end())

    def test_a_unix_path_that_is_served_is_not_taken_over(self):
        path = self.folder / "live.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            daemon = self.start_daemon(ROUTES.format(path=path, address="127.0.0.1:0"))
            self.assertEqual(daemon.exit_code(), 1)
        self.assertTrue(path.exists())


if __name__ == "__main__":
    unittest.main()
