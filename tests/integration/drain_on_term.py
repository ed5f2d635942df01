#!/usr/bin/env python3
"""TERM and INT drain: no new sessions, the live ones end by themselves, exit 0. A second signal, or
the end of drain_timeout, ends them by force and exits 1."""

import signal
import socket
import unittest
from datetime import datetime

from harness import (HeldThread, SpillwayTest, end_of_stream, event_loops, receive_exactly,
                     receive_to_end, wait_until)

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  echo: true
"""

SHORT = """\
threads: 2
log: {level: info, format: json, target: stderr}
shutdown: {drain_timeout: 50ms}
"""

SPREAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
shutdown: {drain_timeout: 4s}
"""

LONG = """\
threads: 1
log: {level: info, format: json, target: stderr}
shutdown: {drain_timeout: 10m}
"""

LONG_ON_TWO = LONG.replace("threads: 1", "threads: 2")
WATCHED = LONG_ON_TWO + 'admin: {listen: "unix:admin.sock"}\n'


class DrainOnTerm(SpillwayTest):
    def start_session(self, **head: str):
        daemon = self.start_daemon(ROUTES, **head)
        client = self.connect(daemon.address("echo"))
        self.assert_echoes(client)
        return daemon, client

    def assert_echoes(self, client: socket.socket):
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")

    def wait_until_refused(self, daemon):
        address = daemon.address("echo")

        def refused() -> bool:
            try:
                self.connect(address).close()
            except ConnectionRefusedError:
                return True
            except ConnectionError:
                return False  # reset: it was still in the listener's queue
            return False

        wait_until("the listener to be closed", refused)

    def drain_with(self, number: signal.Signals):
        daemon, client = self.start_session()
        daemon.signal(number)
        self.wait_until_refused(daemon)
        self.assert_echoes(client)
        self.assertTrue(daemon.is_running)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(end_of_stream(client), "clean")
        self.assertEqual(daemon.exit_code(), 0)
        closed = daemon.wait_for_event("connection_closed", bytes_down=10)
        self.assertEqual(closed["end_code"], "--")

    def test_term_lets_a_live_session_end_by_itself(self):
        self.drain_with(signal.SIGTERM)

    def test_int_does_the_same(self):
        self.drain_with(signal.SIGINT)

    def test_without_sessions_it_ends_at_once(self):
        daemon = self.start_daemon(ROUTES)
        daemon.address("echo")
        self.assertEqual(daemon.stop(), 0)

    def test_who_has_connected_by_then_is_served(self):
        daemon = self.start_daemon(ROUTES, head=LONG)
        address = daemon.address("echo")
        daemon.signal(signal.SIGSTOP)
        clients = [self.connect(address) for _ in range(200)]
        for client in clients:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
        daemon.signal(signal.SIGTERM)
        daemon.signal(signal.SIGCONT)
        for client in clients:
            self.assertEqual(receive_to_end(client), b"hello")
        self.assertEqual(daemon.exit_code(), 0)

    def test_a_second_signal_ends_sessions_by_force(self):
        for first, second in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGTERM)):
            with self.subTest(f"{first.name}, {second.name}"):
                daemon, client = self.start_session(head=LONG_ON_TWO)
                daemon.signal(first)
                self.wait_until_refused(daemon)
                daemon.signal(second)
                self.assertEqual(end_of_stream(client), "reset")
                self.assertEqual(daemon.exit_code(), 1)
                closed = daemon.wait_for_event("connection_closed", bytes_down=5)
                self.assertEqual((closed["end_by"], closed["end_reason"], closed["end_code"]),
                                 ("drain", "stopped", "DD"))
                daemon.wait_for_event("stopped", forced=1)

    def test_a_second_signal_ends_it_with_a_loop_that_hangs(self):
        daemon, client = self.start_session(head=WATCHED)
        with HeldThread(event_loops(daemon)[1]) as held:
            daemon.signal(signal.SIGTERM)
            daemon.wait_for_event("draining")
            daemon.signal(signal.SIGTERM)
            held.wait_for_end()
        self.assertEqual(daemon.exit_code(), 1)
        # If the loop that hangs has it, that is the kernel's word and not the daemon's.
        self.assertIn(end_of_stream(client), ("clean", "reset"))
        daemon.errors.to_end()
        line = daemon.wait_for_event("stop_gave_up", level="error")
        self.assertEqual(line["silent_loops"], "1")
        self.assertEqual(daemon.events("stopped"), [])

    def test_signals_up_to_the_last_moment_have_an_exit_code(self):
        daemon = self.start_daemon(ROUTES)
        daemon.address("echo")
        for _ in range(1_000_000):
            if not daemon.is_running:
                break
            daemon.signal(signal.SIGTERM)
        self.assertIn(daemon.exit_code(), (0, 1))

    def test_signals_that_come_as_it_ends_do_not_keep_it(self):
        for _ in range(20):
            daemon = self.start_daemon(ROUTES)
            daemon.address("echo")
            daemon.signal(signal.SIGTERM)
            for _ in range(30):
                daemon.signal(signal.SIGHUP)
            self.assertEqual(daemon.exit_code(), 0)

    def test_a_drain_out_of_time_ends_sessions_by_force(self):
        daemon, client = self.start_session(head=SHORT)
        daemon.signal(signal.SIGTERM)
        self.assertEqual(end_of_stream(client), "reset")
        self.assertEqual(daemon.exit_code(), 1)
        closed = daemon.wait_for_event("connection_closed", bytes_down=5)
        self.assertEqual(closed["end_code"][0], "D")

    def drain_all(self, daemon, clients):
        """The lines of their ends, of clients that do not leave by themselves."""
        daemon.signal(signal.SIGTERM)
        for client in clients:
            self.assertEqual(end_of_stream(client), "reset")
        self.assertEqual(daemon.exit_code(), 1)
        daemon.wait_for_event("stopped", forced=len(clients))
        return daemon.wait_for_events(len(clients), "connection_closed", end_code="DD")

    def test_those_who_stay_are_ended_one_after_the_other_in_the_second_half(self):
        daemon = self.start_daemon(ROUTES, head=SPREAD)
        clients = [self.connect(daemon.address("echo")) for _ in range(20)]
        for client in clients:
            self.assert_echoes(client)
        closed = self.drain_all(daemon, clients)
        # A slow machine may come to the last ones when the time is up.
        reasons = [line["end_reason"] for line in closed]
        self.assertGreater(reasons.count("drain"), len(clients) // 2)
        self.assertLessEqual(set(reasons), {"drain", "drain_timeout"})
        began = seconds(daemon.wait_for_event("draining"))
        ends = sorted(seconds(line) - began for line in closed)
        # Less a little: the log's clock is not the drain's.
        self.assertGreaterEqual(ends[0], 1.9)
        self.assertGreaterEqual(ends[-1] - ends[0], 0.5)

    def test_sessions_of_a_route_that_was_removed_before_are_among_them(self):
        daemon = self.start_daemon(ROUTES + ROUTES.replace("name: echo", "name: gone"),
                                   head=LONG_ON_TWO)
        routes = ("echo", "gone", "gone", "gone")
        clients = [self.connect(daemon.address(route)) for route in routes]
        for client in clients:
            self.assert_echoes(client)
        # The second one has nothing to do with the route: its sessions have the first one's time.
        for reloads, head in enumerate((LONG_ON_TWO, SPREAD.replace("4s", "2s")), 1):
            self.write_config(ROUTES, head)
            daemon.signal(signal.SIGHUP)
            daemon.wait_for_events(reloads, "reloaded")
        closed = self.drain_all(daemon, clients)
        gone = [line["end_reason"] for line in closed if line["route"] == "gone"]
        self.assertEqual(len(gone), 3)
        self.assertIn("drain", gone)
        self.assertLessEqual(set(gone), {"drain", "drain_timeout"})

    def test_hup_and_the_user_signals_end_nothing(self):
        daemon, client = self.start_session()
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGPIPE):
            daemon.signal(number)
        self.assert_echoes(client)
        self.assertTrue(daemon.is_running)


def seconds(line: dict) -> float:
    """The line's time."""
    return datetime.strptime(line["time"], "%Y-%m-%dT%H:%M:%S.%fZ").timestamp()


if __name__ == "__main__":
    unittest.main()
