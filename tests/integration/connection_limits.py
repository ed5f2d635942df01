#!/usr/bin/env python3
"""The client that is one too many is turned away at once with a reset, those that are there do not
notice, and the log has one line when that begins and one when there is room again."""

import socket
import unittest

from harness import SpillwayTest, end_of_stream, receive_exactly, wait_until

# One loop: each has listeners of its own, which log for themselves.
HEAD = """\
threads: 1
log: {{level: info, format: json, target: stderr}}
limits: {{connections: {process}}}
"""

ROUTES = """
- name: narrow
  listen: 127.0.0.1:0
  echo: true
  limits: {{connections: {route}}}
- name: wide
  listen: 127.0.0.1:0
  echo: true
"""


class ConnectionLimits(SpillwayTest):
    def start_limited(self, process: int, route: int) -> None:
        self.daemon = self.start_daemon(ROUTES.format(route=route),
                                        head=HEAD.format(process=process))

    def open(self, route: str) -> socket.socket:
        client = self.connect(self.daemon.address(route))
        self.assert_echoes(client)
        return client

    def assert_echoes(self, client: socket.socket) -> None:
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")

    def assert_turned_away(self, route: str) -> None:
        try:
            client = self.connect(self.daemon.address(route))
        except ConnectionResetError:
            return
        self.assertEqual(end_of_stream(client), "reset")

    def wait_for_room(self, route: str) -> socket.socket:
        """Until the daemon has seen that somebody left."""
        def opened():
            client = self.connect(self.daemon.address(route))
            try:
                client.sendall(b"hello")
                return client if client.recv(1) else None
            except ConnectionError:
                return None

        return wait_until("a place", opened)

    def assert_limited(self, route: str, scope: str, limit: int, leaving: socket.socket) -> None:
        turned_away = 5
        for _ in range(turned_away):
            self.assert_turned_away(route)
        line = self.daemon.wait_for_event("connection_limit", route=route)
        self.assertEqual((line["scope"], line["limit"], line["level"]), (scope, limit, "warning"))
        leaving.close()
        self.daemon.wait_for_event("connection_closed")
        self.wait_for_room(route)
        over = self.daemon.wait_for_event("connection_limit_over", route=route)
        self.assertGreaterEqual(over["refused"], turned_away)
        self.assertEqual(len(self.daemon.events("connection_limit")), 1)
        self.assertEqual(len(self.daemon.events("connection_closed")), 1)

    def test_a_routes_limit(self):
        self.start_limited(process=100, route=2)
        leaving, staying = self.open("narrow"), self.open("narrow")
        elsewhere = [self.open("wide") for _ in range(5)]
        self.assert_limited("narrow", "route", 2, leaving)
        for client in (staying, *elsewhere):
            self.assert_echoes(client)

    def test_the_process_limit(self):
        self.start_limited(process=3, route=100)
        leaving, staying, elsewhere = self.open("narrow"), self.open("narrow"), self.open("wide")
        self.assert_limited("wide", "process", 3, leaving)
        for client in (staying, elsewhere):
            self.assert_echoes(client)

    def test_it_is_over_when_somebody_left_and_nobody_comes(self):
        self.start_limited(process=100, route=1)
        leaving = self.open("narrow")
        self.assert_turned_away("narrow")
        self.daemon.wait_for_event("connection_limit", route="narrow")
        leaving.close()
        over = self.daemon.wait_for_event("connection_limit_over", route="narrow")
        self.assertEqual(over["refused"], 1)

    def test_those_turned_away_take_no_place_elsewhere(self):
        self.start_limited(process=3, route=1)
        self.open("narrow")
        for _ in range(5):
            self.assert_turned_away("narrow")
        for client in (self.open("wide"), self.open("wide")):
            self.assert_echoes(client)
        self.assert_turned_away("wide")


if __name__ == "__main__":
    unittest.main()
