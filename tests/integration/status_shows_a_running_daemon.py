#!/usr/bin/env python3
"""`spillway status`: the table in which what hurts most comes first, JSON for programs, exit codes
for scripts, and where it finds the daemon."""

import json
import os
import pty
import select
import signal
import subprocess
import termios
import time
import unittest

from harness import (PATIENCE, Lines, PlainPeer, Source, SpillwayTest, receive_exactly,
                     wait_until)
from harness.daemon import binary

HEAD = """\
threads: 2
log: {{level: info, format: json, target: stderr}}
admin: {{listen: "{admin}"}}
"""

LINES = 6  # of a terminal that is too small for all of it

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  echo: true
- name: feed
  listen: 127.0.0.1:0
  upstream: {{servers: "{upstream}"}}
  framing: line
  overflow: {{to_client: {{policy: drop_oldest, queue: 64KiB, slow_after: 200ms}}}}
"""


class Status(SpillwayTest):
    def start_watched(self, admin: str = "unix:admin.sock") -> None:
        self.listener, upstream = self.listen()
        self.daemon = self.start_daemon(ROUTES.format(upstream=upstream),
                                        head=HEAD.format(admin=admin))
        self.daemon.wait_for_event("admin_listening")
        self.config = self.folder / "spillway.yaml"

    def status(self, *options: object, expected_code: int = 0) -> str:
        return self.run_program(binary(), "status", *options, expected_code=expected_code)

    def stop_a_sink(self) -> tuple:
        client = self.connect(self.daemon.address("feed"))
        return client, Source(PlainPeer(self.accept(self.listener)), Lines)

    def rows(self, text: str) -> list:
        return [line.split() for line in text.splitlines() if " to_" in line]

    def test_finds_the_daemon_by_its_configuration(self):
        self.start_watched()
        self.assertEqual([row[:2] for row in self.rows(self.status("-c", self.config))],
                         [["echo", "to_client"], ["feed", "to_client"], ["feed", "to_upstream"]])

    def test_finds_the_daemon_by_an_address(self):
        self.start_watched(admin="127.0.0.1:0")
        address = self.daemon.wait_for_event("admin_listening")["listen"]
        self.assertIn("ready", self.status("--admin", address))
        port = address.rpartition(":")[2]
        self.assertIn("ready", self.status("--admin", f"localhost:{port}"))
        self.assertIn("port 0", self.status("-c", self.config, expected_code=1))

    def test_shows_first_what_hurts_most(self):
        self.start_watched()
        client, source = self.stop_a_sink()

        def slow_first():
            rows = self.rows(self.status("-c", self.config))
            return rows if rows[0][0] == "feed" and rows[0][3] == "1" else None

        rows = wait_until("the slow one", slow_first)
        self.assertEqual([row[0] for row in rows], ["feed", "feed", "echo"])
        text = self.status("-c", self.config)
        self.assertRegex(text, r"\d+ +feed +slow +\S+s +\S+KiB +127\.0\.0\.1:\d+ +127\.0\.0\.1:\d+")
        source.stop()
        client.close()

    def test_json_is_what_the_daemon_says(self):
        self.start_watched()
        told = json.loads(self.status("-c", self.config, "--json"))
        self.assertEqual(told["state"], "ready")

    def test_exit_codes(self):
        self.start_watched()
        held = self.connect(self.daemon.address("echo"))
        held.sendall(b"hello")
        receive_exactly(held, 5)
        self.status("-c", self.config)
        self.daemon.signal(signal.SIGTERM)
        self.daemon.wait_for_event("draining")
        wait_until("the drain to show", lambda: subprocess.run(
            [binary(), "status", "-c", self.config], capture_output=True, timeout=PATIENCE,
            check=False).returncode == 3)
        held.close()
        self.assertEqual(self.daemon.exit_code(), 0)
        text = self.status("-c", self.config, expected_code=1)
        self.assertIn("no answer from the admin address unix:", text)
        self.assertEqual(len(text.splitlines()), 1)

    def test_a_configuration_that_is_not_there(self):
        text = self.status("-c", self.folder / "none.yaml", expected_code=1)
        self.assertIn("none.yaml", text)

    def test_watching_repeats_itself_where_there_is_no_terminal(self):
        self.start_watched()
        watching = self.start(binary(), "status", "-c", self.config, "--watch")
        watching.output.wait_for("two tables", lambda data: b"OUT/S" in data)
        self.assertNotIn(b"\x1b", watching.output.data)

    def test_watching_refreshes_a_terminal_in_place(self):
        self.start_watched()
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (LINES, 80))
        with open(ours, "rb", buffering=0) as terminal:
            watching = subprocess.Popen([binary(), "status", "-c", self.config, "--watch"],
                                        stdin=subprocess.DEVNULL, stdout=theirs)
            os.close(theirs)
            try:
                shown = b""
                deadline = time.monotonic() + PATIENCE
                while shown.count(b"\x1b[H") < 3:
                    patience = deadline - time.monotonic()
                    is_readable = patience > 0 and select.select([terminal], [], [], patience)[0]
                    self.assertTrue(is_readable, f"waited in vain for three tables: {shown!r}")
                    shown += terminal.read(65536)
            finally:
                watching.kill()
                watching.wait()
        self.assertTrue(shown.startswith(b"\x1b[H"))
        self.assertIn(b"OUT/S", shown)
        for table in shown.split(b"\x1b[H")[1:]:
            self.assertLess(table.count(b"\n"), LINES)


if __name__ == "__main__":
    unittest.main()
