#!/usr/bin/env python3
"""What the daemon tells a service manager that asks for it by NOTIFY_SOCKET: when it is ready, reloads
and stops, how it is meanwhile, and that every event loop is alive."""

import signal
import socket
import time
import unittest

from harness import (Daemon, HeldThread, SpillwayTest, event_loops, receive_exactly,
                     wait_until)
from harness.service_manager import ServiceManager

ROUTES = """
- {name: echo, listen: "127.0.0.1:0", echo: true}
"""
WATCHED = """\
threads: 2
log: {level: info, format: json, target: stderr}
admin: {listen: "unix:admin.sock"}
"""
BAD_ROUTES = """
- {name: echo, listen: "127.0.0.1:0", echo: perhaps}
"""


class ServiceManagerIsTold(SpillwayTest):
    def manage(self, abstract: bool = False) -> ServiceManager:
        manager = ServiceManager(self.folder / "notify", abstract)
        self.addCleanup(manager.close)
        return manager

    def start_under(self, manager: ServiceManager, routes: str = ROUTES,
                    *variables: str) -> Daemon:
        return self.start_daemon(
            routes, under=("env", f"NOTIFY_SOCKET={manager.address}", *variables))

    def start_session(self, daemon: Daemon) -> socket.socket:
        client = self.connect(daemon.address("echo"))
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        return client

    def test_it_is_ready_once_it_listens(self):
        for abstract in (False, True):
            with self.subTest(abstract=abstract):
                manager = self.manage(abstract)
                daemon = self.start_under(manager)
                first = manager.wait_for_name("READY")
                self.assertEqual(first["READY"], "1")
                self.assertTrue(first["STATUS"].startswith("Serving 0 connections"))
                self.assertEqual(manager.messages[0], first)
                self.start_session(daemon).close()

    def test_what_cannot_start_is_never_ready(self):
        manager = self.manage()
        daemon = self.start_under(manager, BAD_ROUTES)
        self.assertEqual(daemon.exit_code(), 1)
        self.assertEqual(manager.messages, [])

    def test_the_status_has_live_figures(self):
        manager = self.manage()
        daemon = self.start_under(manager)
        client = self.start_session(daemon)
        manager.wait_for_status("Serving 1 connection (1 since the start)")
        client.close()
        manager.wait_for_status("Serving 0 connections (1 since the start)")

    def test_a_reload_begins_and_ends_whether_it_is_good_or_bad(self):
        manager = self.manage()
        daemon = self.start_under(manager)
        manager.wait_for_name("READY")
        for routes, words in ((BAD_ROUTES, "the last reload failed"), (ROUTES, "Serving")):
            self.write_config(routes)
            before = len(manager.messages)
            start = time.monotonic_ns() // 1000
            daemon.signal(signal.SIGHUP)
            begun = manager.wait_for_name("RELOADING", before)
            self.assertEqual(begun["RELOADING"], "1")
            self.assertTrue(start <= int(begun["MONOTONIC_USEC"]) <= time.monotonic_ns() // 1000)
            ended = manager.wait_for_name("READY", before)
            self.assertIn(words, ended["STATUS"])
        self.assertNotIn("failed", ended["STATUS"])

    def test_a_removed_route_is_named_while_it_drains(self):
        other = '- {name: other, listen: "127.0.0.1:0", echo: true}\n'
        manager = self.manage()
        daemon = self.start_under(manager)
        client = self.start_session(daemon)
        self.write_config(other)
        daemon.signal(signal.SIGHUP)
        manager.wait_for_status("draining: echo (1 left)")
        before = len(manager.messages)
        client.close()
        self.assertNotIn("draining", manager.wait_for_status("Serving 0 connections", skip=before))

    def test_a_drain_is_told_with_what_is_left(self):
        manager = self.manage()
        daemon = self.start_under(manager)
        clients = [self.start_session(daemon) for _ in range(2)]
        daemon.signal(signal.SIGTERM)
        begun = manager.wait_for_name("STOPPING")
        self.assertEqual(begun["STOPPING"], "1")
        self.assertEqual(begun["STATUS"], "Draining: 2 connections left, for 30 s at most")
        self.assertGreater(int(begun["EXTEND_TIMEOUT_USEC"]), 0)
        clients.pop().close()
        manager.wait_for_status("Draining: 1 connection left")
        # Longer than any manager would wait for it: it goes on asking.
        extended = len([each for each in manager.messages if "EXTEND_TIMEOUT_USEC" in each])
        wait_until("the next extension", lambda: len(
            [each for each in manager.messages if "EXTEND_TIMEOUT_USEC" in each]) > extended)
        daemon.signal(signal.SIGTERM)
        manager.wait_for_status("Ending 1 connection by force")
        self.assertEqual(daemon.exit_code(), 1)
        names = [name for message in manager.messages for name in message]
        self.assertEqual(names.count("READY"), 1)
        self.assertEqual(names.count("STOPPING"), 1)

    def test_the_watchdog_is_fed_in_serving_and_in_draining(self):
        manager = self.manage()
        daemon = self.start_under(manager, ROUTES, "WATCHDOG_USEC=200000")
        client = self.start_session(daemon)
        fed = {"WATCHDOG": "1"}
        wait_until("being fed", lambda: manager.messages.count(fed) >= 3)
        daemon.signal(signal.SIGTERM)
        manager.wait_for_name("STOPPING")
        before = manager.messages.count(fed)
        wait_until("being fed while it drains", lambda: manager.messages.count(fed) >= before + 3)
        client.close()
        self.assertEqual(daemon.exit_code(), 0)

    def test_one_loop_that_hangs_starves_the_watchdog(self):
        manager = self.manage()
        daemon = self.start_daemon(ROUTES, head=WATCHED, under=(
            "env", f"NOTIFY_SOCKET={manager.address}", "WATCHDOG_USEC=2000000"))
        fed = {"WATCHDOG": "1"}
        loops = event_loops(daemon)
        self.assertEqual(len(loops), 2)
        before = manager.messages.count(fed)
        wait_until("being fed", lambda: manager.messages.count(fed) > before)
        told = len(daemon.events("watchdog_withheld"))
        with HeldThread(loops[1]):
            line = daemon.wait_for_events(told + 1, "watchdog_withheld", level="warning")[-1]
            self.assertEqual(line["silent_loops"], "1")
            # Whoever asked before it was held has been answered by now.
            before = manager.messages.count(fed)
            daemon.wait_for_events(told + 3, "watchdog_withheld")
            self.assertEqual(manager.messages.count(fed), before)
        wait_until("being fed again", lambda: manager.messages.count(fed) > before)
        self.assertEqual(daemon.stop(), 0)

    def test_somebody_elses_watchdog_is_not_fed(self):
        manager = self.manage()
        daemon = self.start_under(manager, ROUTES, "WATCHDOG_USEC=1000", "WATCHDOG_PID=1")
        self.start_session(daemon)
        manager.wait_for_status("Serving 1 connection")  # seconds after the start
        self.assertNotIn({"WATCHDOG": "1"}, manager.messages)

    def test_a_manager_that_cannot_be_reached_is_no_reason_not_to_serve(self):
        for address in ("vsock:2:1", str(self.folder / "nobody")):
            with self.subTest(address):
                daemon = self.start_daemon(ROUTES, under=("env", f"NOTIFY_SOCKET={address}"))
                daemon.wait_for_event("service_manager_unreachable", level="warning")
                self.start_session(daemon).close()
                self.assertEqual(daemon.stop(), 0)
                self.assertEqual(len(daemon.events("service_manager_unreachable")), 1)


if __name__ == "__main__":
    unittest.main()
