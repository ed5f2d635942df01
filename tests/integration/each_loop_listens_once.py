#!/usr/bin/env python3
"""Whoever finds a listener has a loop behind it, from the first moment: to see whether a port is free
the daemon once listened on it, and whoever met that was reset."""

import socket
import unittest

from harness import SpillwayTest, wait_until

ROUTES = """
- name: echo
  listen: "127.0.0.1:{port}"
  echo: true
"""


class EachLoopListensOnce(SpillwayTest):
    def test_there_are_as_many_listeners_as_loops(self):
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            port = finder.getsockname()[1]
        calls = self.folder / "listen.calls"
        tracer = ["strace", "-D", "-f", "-e", "trace=listen", "-o", str(calls)]
        daemon = self.start_daemon(ROUTES.format(port=port), under=tracer)
        daemon.wait_for_event("listening", route="echo")
        self.assertEqual(daemon.stop(), 0)
        wait_until("strace's end", lambda: "exited with 0" in calls.read_text())
        self.assertEqual(calls.read_text().count("listen("), 2, calls.read_text())


if __name__ == "__main__":
    unittest.main()
