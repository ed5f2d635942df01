#!/usr/bin/env python3
"""The formula of docs/operations.md counts the descriptors of a daemon, with sessions and without."""

import os
import re
import socket
import unittest
from pathlib import Path
from typing import Tuple

from harness import Daemon, SpillwayTest, receive_exactly, wait_until

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/operations.md"

LOOPS, SESSIONS = 2, 100

HEAD = """\
threads: {loops}
log: {{level: info, format: json, target: {target}}}
admin: {{listen: "{admin}"}}
shutdown: {{drain_timeout: 2s}}
"""

ROUTES = """
- name: feed
  listen: {feed}
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
- name: echo
  listen: {echo}
  echo: true
"""


class Formula:
    """What is documented, with its figures."""

    def __init__(self) -> None:
        found = re.search(
            r"^    descriptors = (\d+) \+ (\d+) x event loops \+ event loops x listen addresses"
            r" \+ (\d+) x sessions \((\d+) for echo\)\n"
            r" +\+ (\d+) for a log file, (\d+) \+ clients \(\d+ at most\) for the admin address$",
            DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
        assert found, "docs/operations.md has another formula"
        (self._process, self._loop, self._session, self._echo, self._log,
         self._admin) = map(int, found.groups())

    def descriptors(self, listeners: int, relayed: int = 0, echoed: int = 0, *,
                    has_log: bool = False, admin_clients: int = 0) -> int:
        """`listeners`: event loops x listen addresses, or one for each unix address."""
        return (self._process + self._loop * LOOPS + listeners + self._session * relayed
                + self._echo * echoed + self._log * has_log + self._admin + admin_clients)


class Descriptors(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.formula = Formula()
        self.upstream, self.upstream_address = self.listen()

    def start_both(self, feed: str, echo: str, admin: str = "127.0.0.1:0",
                   target: str = "stderr") -> Daemon:
        routes = ROUTES.format(feed=feed, echo=echo, tls=self.identity.config,
                               upstream=self.upstream_address)
        return self.start_daemon(routes, HEAD.format(loops=LOOPS, target=target, admin=admin))

    def relay(self, address: Tuple[str, int]) -> None:
        """A session that has carried bytes from end to end."""
        client, server = self.connect_tls(address), self.accept(self.upstream)
        client.send(b"x")
        receive_exactly(server, 1)

    def echo(self, address: Tuple[str, int]) -> None:
        client = self.connect(address)
        client.sendall(b"x")
        receive_exactly(client, 1)

    @staticmethod
    def wait_for_descriptors(daemon: Daemon, expected: int) -> None:
        """For a moment there are more: of files that are looked at, of names that are looked up."""
        folder = f"/proc/{daemon.pid}/fd"
        wait_until(f"{expected} descriptors", lambda: len(os.listdir(folder)) == expected)

    def test_sessions_take_what_is_said(self):
        daemon = self.start_both("127.0.0.1:0", "127.0.0.1:0")
        daemon.wait_for_event("admin_listening")
        feed, echo = daemon.address("feed"), daemon.address("echo")
        listeners = 2 * LOOPS
        self.wait_for_descriptors(daemon, self.formula.descriptors(listeners))
        for _ in range(SESSIONS):
            self.relay(feed)
        self.wait_for_descriptors(daemon, self.formula.descriptors(listeners, SESSIONS))
        for _ in range(SESSIONS):
            self.echo(echo)
        self.wait_for_descriptors(daemon, self.formula.descriptors(listeners, SESSIONS, SESSIONS))

    def test_clients_of_the_admin_address_take_what_is_said(self):
        daemon = self.start_both("127.0.0.1:0", "127.0.0.1:0")
        admin = daemon.admin()
        self.addCleanup(admin.close)
        self.assertEqual(admin.ask("/healthz").status, 200)
        self.wait_for_descriptors(daemon, self.formula.descriptors(2 * LOOPS, admin_clients=1))

    def test_a_log_file_and_unix_addresses_take_what_is_said(self):
        log, path = self.folder / "spillway.log", self.folder / "echo.sock"
        daemon = self.start_both("127.0.0.1:0", f"unix:{path}", target=str(log))
        wait_until("the log", lambda: log.exists()
                   and log.read_text(encoding="utf-8").count('"event":"listening"') == 2)
        self.wait_for_descriptors(daemon, self.formula.descriptors(LOOPS + 1, has_log=True))
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(b"x")
            receive_exactly(client, 1)
            self.wait_for_descriptors(daemon, self.formula.descriptors(LOOPS + 1, echoed=1,
                                                                       has_log=True))


if __name__ == "__main__":
    unittest.main()
