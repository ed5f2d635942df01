#!/usr/bin/env python3
"""`listen: systemd:NAME`: sockets that the service manager opened. They outlive the daemon, so that
who connects while it restarts is served by the next one."""

import signal
import socket
import sys
import unittest

from harness import SpillwayTest, receive_exactly
from harness.daemon import Daemon
from harness.sockets import listen_on_loopback

# Moves the sockets to where a manager passes them, and becomes the daemon.
PASS = """
import fcntl, os, sys
sockets = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 100) for number in sys.argv[2].split(",")]
for place, number in enumerate(sockets):
    os.dup2(number, 3 + place, inheritable=True)
    os.close(number)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(sockets)),
                  LISTEN_FDNAMES=sys.argv[1])
os.execv(sys.argv[3], sys.argv[3:])
"""

ROUTES = """
- {name: feed, listen: "systemd:feed", echo: true}
"""


class SocketsFromTheServiceManager(SpillwayTest):
    def start_with(self, names: str, listeners, routes: str = ROUTES) -> Daemon:
        numbers = [listener.fileno() for listener in listeners]
        under = (sys.executable, "-c", PASS, names, ",".join(map(str, numbers)))
        return self.start_daemon(routes, under=under, pass_fds=numbers)

    def open_listener(self) -> socket.socket:
        listener = listen_on_loopback()
        self.addCleanup(listener.close)
        return listener

    def assert_echoes(self, address) -> None:
        client = self.connect(address)
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        client.close()

    def test_all_sockets_of_a_name_are_served_by_all_loops(self):
        listeners = [self.open_listener() for _ in range(2)]
        daemon = self.start_with("feed:feed", listeners)
        daemon.wait_for_events(2, "listening", route="feed")
        for listener in listeners:
            for _ in range(10):
                self.assert_echoes(listener.getsockname())

    def test_who_connects_during_a_restart_is_served(self):
        listener = self.open_listener()
        first = self.start_with("feed", [listener])
        first.wait_for_event("listening")
        self.assertEqual(first.stop(), 0)
        waiting = self.connect(listener.getsockname())
        waiting.sendall(b"hello")
        self.start_with("feed", [listener])
        self.assertEqual(receive_exactly(waiting, 5), b"hello")
        waiting.close()

    def test_a_route_may_go_and_come_back(self):
        listener = self.open_listener()
        other = '- {name: other, listen: "127.0.0.1:0", echo: true}\n'
        daemon = self.start_with("feed", [listener], ROUTES + other)
        daemon.wait_for_events(2, "listening")
        self.write_config(other)
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_event("reloaded")
        waiting = self.connect(listener.getsockname())
        waiting.sendall(b"hello")
        self.write_config(ROUTES + other)
        daemon.signal(signal.SIGHUP)
        self.assertEqual(receive_exactly(waiting, 5), b"hello")
        waiting.close()

    def test_one_that_no_route_listens_on_is_told_of(self):
        daemon = self.start_with("feed:other", [self.open_listener() for _ in range(2)])
        warning = daemon.wait_for_event("passed_socket_unused", level="warning")
        self.assertEqual(warning["name"], "other")
        self.assertIn("systemd:other", warning["reason"])

    def test_one_that_a_reload_no_longer_uses_is_told_of_once(self):
        other = '- {{name: other, listen: "127.0.0.1:0", echo: true, timeouts: {{idle: {idle}m}}}}\n'
        daemon = self.start_with("feed", [self.open_listener()], ROUTES + other.format(idle=1))
        daemon.wait_for_events(2, "listening")
        self.assertEqual(daemon.events("passed_socket_unused"), [])
        for number in (1, 2):  # the second changes nothing about it
            self.write_config(other.format(idle=number))
            daemon.signal(signal.SIGHUP)
            daemon.wait_for_events(number, "reloaded")
            self.assertEqual(len(daemon.events("passed_socket_unused")), 1)
        for number, routes in ((3, ROUTES), (4, other.format(idle=1))):
            self.write_config(routes)
            daemon.signal(signal.SIGHUP)
            daemon.wait_for_events(number, "reloaded")
        self.assertEqual(len(daemon.events("passed_socket_unused")), 2)

    def test_a_name_that_was_not_passed_is_an_error(self):
        daemon = self.start_with("other", [self.open_listener()])
        self.assertEqual(daemon.exit_code(), 1)
        words = daemon.errors.to_end().decode()
        self.assertIn('route "feed": cannot listen on systemd:feed', words)
        self.assertIn("it passed other", words)
        self.assertIn("FileDescriptorName=feed", words)

    def test_a_descriptor_that_is_no_listener_is_an_error(self):
        plain = socket.socket()
        self.addCleanup(plain.close)
        daemon = self.start_with("feed", [plain])
        self.assertEqual(daemon.exit_code(), 1)
        self.assertIn("is no stream socket that listens", daemon.errors.to_end().decode())


if __name__ == "__main__":
    unittest.main()
