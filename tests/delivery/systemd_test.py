#!/usr/bin/env python3
"""The service under a real systemd: installed from its package, started, reloaded, watched, restarted
and stopped, by the commands that people use. SPILLWAY_SUITES: see installed.py."""

import subprocess
import unittest
from typing import List

from installed import CONFIGURATION, for_each_suite
from machine import wait_until
from report import main
from service_case import HEAD, HERE, SOCKET_DROP_IN, ServiceTest

from harness import TlsPeer, end_of_stream, receive_exactly

ECHO = '  - {name: echo, listen: "127.0.0.1:7007", echo: true}\n'
MORE = '  - {name: more, listen: "127.0.0.1:7008", echo: true}\n'
PASSED = '  - {name: echo, listen: "systemd:tls", echo: true}\n'
TYPO = '  - {name: echo, listen: "127.0.0.1:7007", ecko: true}\n'
SECURE = """\
  - name: secure
    listen: 127.0.0.1:443
    tls:
      certificates:
        - {cert: "${CREDENTIALS_DIRECTORY}/own.crt", key: "${CREDENTIALS_DIRECTORY}/own.key"}
    upstream: {servers: "localhost:%d"}
"""
KEYED = """\
  - name: keyed
    listen: 127.0.0.1:7008
    tls: {certificates: [{cert: localhost.crt, key: localhost.key}]}
    echo: true
"""
CREDENTIALS = """\
[Service]
LoadCredential=own.crt:/etc/ssl/private/localhost.crt
LoadCredential=own.key:/etc/ssl/private/localhost.key
"""

DYNAMIC_USERS = range(61184, 65520)  # systemd's
MOST_CLIENTS = 20_000  # of one restart


class SystemdTest(ServiceTest):
    def test_the_units_are_clean_and_shut_in(self):
        self.assertEqual(self.machine.run("systemd-analyze", "verify", "--man=no",
                                          "spillway.service", "spillway.socket"), "")
        self.machine.run("systemd-analyze", "security", "--no-pager", "--offline=true",
                         "--threshold=15", self.shown("FragmentPath"))

    def test_it_relays_tls_with_a_key_that_only_root_reads(self):
        context = self.write_identity("/etc/ssl/private")
        upstream = self.machine.listen()
        self.addCleanup(upstream.close)
        self.configure(SECURE % upstream.getsockname()[1])
        self.drop_in(CREDENTIALS)
        self.systemctl("start", "spillway")
        client = TlsPeer(self.connect(("127.0.0.1", 443)), context, server_hostname="localhost")
        server, _ = upstream.accept()
        self.addCleanup(server.close)
        client.send(b"hello")
        self.assertEqual(receive_exactly(server, 5), b"hello")
        server.sendall(b"and back")
        self.assertEqual(client.receive_exactly(8), b"and back")
        user = int(self.machine.run("stat", "-c", "%u", f"/proc/{self.shown('MainPID')}"))
        self.assertIn(user, DYNAMIC_USERS)
        self.systemctl("reload", "spillway")  # the check finds the credentials as well
        self.wait_for_line("reloaded")
        client.send(b"still")
        self.assertEqual(receive_exactly(server, 5), b"still")

    def test_people_see_how_it_is(self):
        self.configure(ECHO)
        self.systemctl("start", "spillway")
        client = self.start_session()
        self.wait_for_status("Serving 1 connection (1 since the start)")
        page = self.systemctl("status", "spillway")
        self.assertIn("Active: active (running)", page)
        self.assertIn('Status: "Serving 1 connection (1 since the start), 0 slow consumers', page)
        table = self.machine.run("spillway", "status", "--admin", "unix:/run/spillway/admin.sock")
        self.assertIn("echo", table)
        self.end_session(client)
        closed = self.wait_for_line("connection_closed", "end_code=--")
        self.assertTrue(closed.startswith("info connection_closed "), closed)
        self.assertEqual(self.lines("-p", "warning"), [])

    def test_what_cannot_start_says_why(self):
        self.configure(TYPO)
        self.systemctl("start", "spillway", expected_code=1)
        faults = [line for line in self.lines("-p", "err") if "ecko" in line]
        self.assertIn(f"{CONFIGURATION}:5:", faults[0])
        self.assertIn('did you mean "echo"', faults[0].replace("`", '"'))

    def test_a_good_reload_keeps_sessions_and_adds_a_route(self):
        self.configure(ECHO)
        self.systemctl("start", "spillway")
        process = self.shown("MainPID")
        client = self.start_session()
        self.configure(ECHO, MORE)
        self.systemctl("reload", "spillway")
        self.wait_for_line("reloaded", "added=1")
        wait_until("the end of the reload", lambda: self.shown("ActiveState") == "active")
        self.start_session(("127.0.0.1", 7008))
        self.assert_echoes(client)
        self.assertEqual(self.shown("MainPID"), process)

    def test_a_bad_reload_fails_for_who_asked_and_for_nobody_else(self):
        self.configure(ECHO)
        self.systemctl("start", "spillway")
        client = self.start_session()
        self.configure(TYPO)
        self.systemctl("reload", "spillway", expected_code=1)
        fault = [line for line in self.lines("-p", "err") if "ecko" in line]
        self.assertIn(f"{CONFIGURATION}:5:", fault[0])
        self.assertNotIn("reload_failed", "".join(self.lines()))
        self.assertEqual(self.shown("ActiveState"), "active")
        self.assert_echoes(client)
        self.start_session()
        self.configure(ECHO, MORE)
        self.systemctl("reload", "spillway")
        self.wait_for_line("reloaded", "added=1")

    def test_a_key_that_only_root_reads_keeps_it_from_starting_until_its_group_is_right(self):
        self.write_identity("/etc/spillway")
        self.configure(KEYED)
        self.assertIn("127.0.0.1:7008", self.machine.run("spillway", "check"))
        self.systemctl("start", "spillway", expected_code=1)
        self.wait_for_line("localhost.key cannot be read: Permission denied")
        self.let_the_service_read_the_key()
        self.systemctl("start", "spillway")

    def test_a_reload_with_a_key_that_only_root_reads_fails_for_who_asked(self):
        self.configure(ECHO)
        self.systemctl("start", "spillway")
        context = self.write_identity("/etc/spillway")
        self.configure(ECHO, KEYED)
        self.assertIn("127.0.0.1:7008", self.machine.run("spillway", "check"))
        self.systemctl("reload", "spillway", expected_code=1)
        self.wait_for_line("localhost.key cannot be read: Permission denied")
        self.assertNotIn("reload_failed", "".join(self.lines()))
        self.start_session()
        self.let_the_service_read_the_key()
        self.systemctl("reload", "spillway")
        self.wait_for_line("reloaded", "added=1")
        client = TlsPeer(self.connect(("127.0.0.1", 7008)), context, server_hostname="localhost")
        client.send(b"hello")
        self.assertEqual(client.receive_exactly(5), b"hello")

    def test_without_any_privilege_it_reads_its_keys_and_reloads(self):
        self.write_identity("/etc/spillway")
        self.let_the_service_read_the_key()
        self.drop_in("[Service]\nCapabilityBoundingSet=\nAmbientCapabilities=\nPrivateUsers=yes\n")
        self.configure(KEYED)
        self.systemctl("start", "spillway")
        self.systemctl("reload", "spillway")
        self.wait_for_line("reloaded")

    def test_where_the_group_of_the_keys_is_missing_it_does_not_start(self):
        self.drop_in("[Service]\nSupplementaryGroups=\nSupplementaryGroups=no-such-group\n")
        self.configure(ECHO)
        self.systemctl("start", "spillway", expected_code=1)
        self.wait_for_line("status=216/GROUP")

    def test_a_reload_that_only_the_daemon_can_refuse_shows_in_the_status(self):
        self.configure(ECHO)
        self.systemctl("start", "spillway")
        taken = self.machine.listen()
        self.addCleanup(taken.close)
        self.configure(ECHO, MORE.replace("7008", str(taken.getsockname()[1])))
        self.systemctl("reload", "spillway")
        self.wait_for_status("the last reload failed")
        self.wait_for_line("reload_failed", "Address already in use")
        self.start_session()

    def test_a_hung_daemon_is_killed_and_started_again(self):
        self.configure(ECHO)
        self.drop_in("[Service]\nWatchdogSec=2\nRestartSec=0\n")
        self.systemctl("start", "spillway")
        process = self.shown("MainPID")
        client = self.start_session()
        self.systemctl("kill", "-s", "STOP", "--kill-whom=main", "spillway")
        wait_until("the restart", lambda: self.shown("NRestarts") == "1"
                   and self.shown("ActiveState") == "active")
        self.assertNotEqual(self.shown("MainPID"), process)
        self.assertIn(end_of_stream(client), ("clean", "reset"))  # the kernel's word, not the daemon's
        self.start_session()
        self.assertTrue(self.wait_for_line("Watchdog timeout"))

    def test_a_daemon_that_is_well_is_left_alone_by_the_watchdog(self):
        self.configure(ECHO)
        self.drop_in("[Service]\nWatchdogSec=1\n")
        self.systemctl("start", "spillway")
        client = self.start_session()
        started = int(self.shown("ExecMainStartTimestampMonotonic"))
        wait_until("being fed when three times its patience is over",
                   lambda: int(self.shown("WatchdogTimestampMonotonic")) > started + 3_000_000)
        self.assert_echoes(client)
        self.assertEqual(self.shown("NRestarts"), "0")

    def test_a_stop_drains(self):
        self.configure(ECHO)
        self.systemctl("start", "spillway")
        client = self.start_session()
        self.systemctl("stop", "--no-block", "spillway")
        self.wait_for_status("Draining: 1 connection left")
        self.assertEqual(self.shown("ActiveState"), "deactivating")
        self.assertRaises(ConnectionRefusedError, self.connect)
        self.assert_echoes(client)
        self.end_session(client)
        wait_until("the end", lambda: self.shown("ActiveState") == "inactive")
        self.assertEqual(self.shown("Result"), "success")
        self.assertEqual(self.shown("ExecMainStatus"), "0")
        self.wait_for_line("stopped", "forced=0")

    def test_a_drain_may_last_longer_than_the_unit_says(self):
        self.configure(ECHO)
        self.drop_in("[Service]\nTimeoutStopSec=1\n")
        self.systemctl("start", "spillway")
        client = self.start_session()
        self.systemctl("stop", "--no-block", "spillway")
        self.wait_for_status("Draining: 1 connection left, for 26 s")
        self.assert_echoes(client)
        self.end_session(client)
        wait_until("the end", lambda: self.shown("ActiveState") == "inactive")
        self.assertEqual(self.shown("Result"), "success")

    def test_a_client_starts_it_and_one_that_comes_during_a_restart_is_served(self):
        self.configure(PASSED)
        self.drop_in("[Socket]\nListenStream=\nListenStream=127.0.0.1:7007\n", SOCKET_DROP_IN)
        self.systemctl("start", "spillway.socket")
        self.assertEqual(self.shown("ActiveState"), "inactive")
        first = self.start_session()
        self.assertEqual(self.shown("ActiveState"), "active")
        process = self.shown("MainPID")
        self.systemctl("restart", "--no-block", "spillway")
        self.wait_for_status("Draining: 1 connection left")
        waiting = self.connect()
        waiting.sendall(b"hello")
        self.assert_echoes(first)
        self.end_session(first)
        self.assertEqual(receive_exactly(waiting, 5), b"hello")
        self.assertNotEqual(self.shown("MainPID"), process)

    def test_nobody_who_connects_during_restarts_is_refused(self):
        self.configure(PASSED)
        self.drop_in("[Socket]\nListenStream=\nListenStream=127.0.0.1:7007\n", SOCKET_DROP_IN)
        self.systemctl("start", "spillway.socket", "spillway")
        for _ in range(5):
            self.systemctl("reset-failed", "spillway")  # or systemd finds that it starts too often
            process = self.shown("MainPID")
            restart = self.machine.start("systemctl", "restart", "spillway")
            self.addCleanup(self.end_process, restart)
            self.assertEqual(self.failures_until_the_end_of(restart), [])
            self.assertEqual(restart.returncode, 0)
            self.assertNotEqual(self.shown("MainPID"), process)
        self.wait_for_line("stopped", "forced=0")
        self.assertNotIn("forced=1", "".join(self.lines()))

    def failures_until_the_end_of(self, restart: subprocess.Popen) -> List[str]:
        """Of clients that connect, are echoed and leave, one after the other: so one of them is there
        whenever nobody else is."""
        failures = []
        for number in range(MOST_CLIENTS):
            if restart.poll() is not None:
                return failures
            try:
                with self.machine.connect(*HERE) as client:
                    self.assert_echoes(client)
                    self.end_session(client)
            except (AssertionError, OSError) as failure:
                failures.append(f"client {number}: {failure!r}")
        raise AssertionError(f"{MOST_CLIENTS} clients, and the restart is not over: {failures}")

    def test_the_socket_unit_as_it_is_shipped_takes_both_address_families(self):
        self.configure(PASSED)
        self.systemctl("start", "spillway.socket")
        for host in ("127.0.0.1", "::1"):
            self.end_session(self.start_session((host, 7443)))
        self.assertEqual(self.shown("ActiveState"), "active")

    def test_it_writes_to_the_folders_that_are_its_own(self):
        log = "/var/log/spillway/spillway.log"
        self.configure(ECHO, head=f"log: {{target: {log}}}\n" + HEAD)
        self.systemctl("start", "spillway")
        self.machine.run("mv", log, f"{log}.1")
        self.systemctl("kill", "-s", "USR1", "spillway")
        wait_until("the new file", lambda: "log_reopened" in self.machine.attempt("cat", log)[1])
        self.assertIn("listening", self.machine.run("cat", f"{log}.1"))


def load_tests(_loader: unittest.TestLoader, _tests: object, _pattern: object) -> unittest.TestSuite:
    return for_each_suite(SystemdTest)


if __name__ == "__main__":
    main()
