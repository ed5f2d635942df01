#!/usr/bin/env python3
"""docs/operations.md has every event with its keys and level, every end code and reason, every
metric, every path of the admin address, every signal and exit code, and none that there is not.
Argument: the repository."""

import re
import signal
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Dict, List, Set

from harness import PATIENCE, SpillwayTest, receive_exactly, wait_until
from harness.daemon import binary
from logged_events import logged_events
from tables import quoted, section, tables

ROOT = Path(sys.argv.pop(1))
TEXT = (ROOT / "docs/operations.md").read_text()

HEAD = """\
threads: 1
log: {level: info, format: json, target: stderr}
metrics: {log_interval: 10ms}
admin: {listen: "127.0.0.1:0"}
"""

# One of each kind: what there is to tell of a route depends on what it has.
ROUTES = """
- name: feed
  listen: 127.0.0.1:0
  tls: {tls}
  upstream: {{servers: "{upstream}"}}
- name: echo
  listen: 127.0.0.1:0
  echo: true
"""

# An ended session has closed its connections itself: these words are for other users of the library.
NO_END_REASON = {"unknown", "closed", "hard_closed", "linger_timeout", "cancelled"}


def source(path: str) -> str:
    return (ROOT / path).read_text()


def rows(heading: str, title: str) -> List[Dict[str, str]]:
    """Of the tables below that heading, those whose first column has that title."""
    return [row for table in tables(section(TEXT, heading)) for row in table
            if next(iter(row)) == title]


def keys_below(heading: str) -> Set[str]:
    return {key for row in rows(heading, "keys") for key in quoted(row["keys"])}


class Events(unittest.TestCase):
    def setUp(self) -> None:
        self.logged = logged_events(ROOT / "daemon")
        self.rows = {quoted(row["event"])[0]: row for row in rows("Events", "event")}

    def documented_keys(self, name: str) -> Set[str]:
        if self.rows[name]["keys"] == "none":
            return set()
        told = quoted(self.rows[name]["keys"])
        if name == "connection":
            return keys_below("Keys of `connection_closed`") - set(told)
        return set(told) or keys_below(f"Keys of `{name}`")

    def test_each_has_its_row_and_each_row_its_event(self):
        self.assertEqual(sorted(self.rows), sorted(self.logged))

    def test_each_row_has_the_keys(self):
        for name, event in self.logged.items():
            with self.subTest(name):
                self.assertEqual(self.documented_keys(name), event.keys)

    def test_each_row_has_the_levels(self):
        for name, event in self.logged.items():
            with self.subTest(name):
                self.assertEqual(set(quoted(self.rows[name]["level"])), event.levels)

    def test_each_row_says_what_it_means(self):
        for name, row in self.rows.items():
            self.assertTrue(row["means"], name)


class Ends(unittest.TestCase):
    def test_each_code_has_its_cell_and_each_cell_its_code(self):
        pairs = re.search(r"cut_codes =\s*((?:\"\w+\"\s*)+)", source("daemon/proxy/end.cpp"))[1]
        codes = re.findall("..", "".join(re.findall(r"\w+", pairs)))
        self.assertEqual(len(codes), 21)
        table = rows("How a session ended", "who (`end_by`)")
        self.assertEqual([quoted(cell)[0] for row in table for cell in list(row.values())[1:]],
                         codes)

    def test_each_row_of_codes_has_its_ender(self):
        table = rows("How a session ended", "who (`end_by`)")
        told = {tuple(quoted(next(iter(row.values())))) for row in table}
        code = source("daemon/proxy/end.cpp")
        enders = re.findall(r'return "(\w+)"', code)
        letters = [pair[0] for pair in re.findall(r'^    "(\w+)"', code, re.MULTILINE)]
        self.assertEqual(told, set(zip(letters, enders)))

    def test_each_reason_has_its_row_and_each_row_its_reason(self):
        told = [reason for row in rows("How a session ended", "`end_reason`")
                for reason in quoted(row["`end_reason`"])]
        self.assertEqual(sorted(told), sorted(self.reasons()))

    @staticmethod
    def reasons() -> Set[str]:
        """What the library says, and the words that the daemon adds."""
        names = source("lib/src/connection/names.cpp")
        names = names[names.index("to_string(CloseReason"):]
        words = set(re.findall(r'return "(\w+)"', names + source("daemon/overflow/pipe.cpp")))
        words |= set(re.findall(r'"(\w+)"\);', source("daemon/proxy/deadline.cpp")))
        words |= set(re.findall(r'first, "(\w+)"', source("daemon/proxy/end.cpp")))
        for file in (ROOT / "daemon").rglob("*.cpp"):
            words |= set(re.findall(r'\b(?:force|stop)\("(\w+)"', file.read_text()))
            words |= set(re.findall(r'\btime, "(\w+)"\)', file.read_text()))
        return words - NO_END_REASON


class Running(SpillwayTest):
    """What a daemon really says."""

    def start_watched(self):
        self.listener, upstream = self.listen()
        self.daemon = self.start_daemon(ROUTES.format(tls=self.identity.config, upstream=upstream),
                                        head=HEAD)
        self.admin = self.daemon.admin()
        self.addCleanup(self.admin.close)

    def test_each_metric_has_its_row_and_each_row_its_metric(self):
        self.start_watched()
        text = self.admin.ask("/metrics").text
        types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
        labels: Dict[str, Dict[str, Set[str]]] = {name: {} for name in types}
        for name, pairs in re.findall(r"^(\w+)\{(.*)\} ", text, re.MULTILINE):
            family = re.sub(r"_(bucket|sum|count)$", "", name) if name not in types else name
            for label, value in re.findall(r'(\w+)="([^"]*)"', pairs):
                labels[family].setdefault(label, set()).add(value)
        told = {quoted(row["metric"])[0]: row for row in rows("Metrics", "metric")}
        self.assertEqual(sorted(told), sorted(types))
        for name, row in told.items():
            with self.subTest(name):
                self.assertEqual(row["type"], types[name])
                self.assert_labels(row["labels"], labels[name], types[name])
                self.assert_unit(name, row["unit"])

    def assert_labels(self, cell: str, found: Dict[str, Set[str]], kind: str) -> None:
        """`name` alone, or `name`: and its values."""
        if kind == "histogram":
            found.pop("le")
        told: Dict[str, Set[str]] = {}
        for part in re.findall(r"`\w+`: (?:`[^`]+`(?:, )?)+|`\w+`", cell):
            name, *values = quoted(part)
            told[name] = set(values)
        self.assertEqual(set(told), set(found))
        for name, values in told.items():
            if values:
                self.assertEqual(values, found[name], name)

    def assert_unit(self, name: str, unit: str) -> None:
        for word, told in (("timestamp_seconds", "seconds since 1970"),
                           ("start_time_seconds", "seconds since 1970"), ("seconds", "seconds"),
                           ("bytes", "bytes"), ("messages", "messages"), ("fds", "descriptors")):
            if re.search(rf"_{word}(_total)?$", name):
                return self.assertEqual(unit, told)
        return self.assertTrue(unit)

    def test_each_path_of_the_admin_address_has_its_row(self):
        self.start_watched()
        answer = self.admin.ask("/no_such_path")
        self.assertEqual(answer.status, 404)
        told = {path for row in rows("The admin address", "path")
                for cell in row.values() for path in quoted(cell) if path.startswith("/")}
        self.assertEqual(told, set(re.findall(r"(?<= )/\S*", answer.text)))

    def test_lines_have_the_keys_that_are_documented(self):
        """So that reading the source has missed none."""
        self.start_watched()
        client = self.connect(self.daemon.address("echo"))
        client.sendall(b"hello")
        receive_exactly(client, 5)
        self.daemon.signal(signal.SIGUSR2)
        self.daemon.wait_for_event("connection")
        self.daemon.wait_for_event("metrics")
        client.close()
        self.daemon.wait_for_event("connection_closed")
        logged = logged_events(ROOT / "daemon")
        for name in ("starting", "listening", "connection", "metrics", "connection_closed"):
            with self.subTest(name):
                line = self.daemon.events(name)[0]
                self.assertEqual(set(line) - {"time", "level", "event"}, logged[name].keys)
                self.assertIn(line["level"], logged[name].levels)

    def test_the_exit_codes_of_status(self):
        self.start_watched()
        address = f"127.0.0.1:{self.admin.address[1]}"
        held = self.connect(self.daemon.address("echo"))
        self.assert_exit_code(0, "status", "--admin", address)
        self.assert_exit_code(2, "status", "--no-such-option")
        self.daemon.signal(signal.SIGTERM)
        wait_until("the drain to show",
                   lambda: self.admin.status()["state"] == "draining" or None)
        self.assert_exit_code(3, "status", "--admin", address)
        held.close()
        self.assertEqual(self.daemon.exit_code(), 0)
        self.assert_exit_code(1, "status", "--admin", address)

    def test_the_exit_codes_of_run_and_check(self):
        good = self.write_config("- {name: echo, listen: \"127.0.0.1:0\", echo: true}\n")
        bad = self.folder / "bad.yaml"
        bad.write_text("routes: []\n")
        self.assert_exit_code(0, "check", "-c", good)
        for command in ("run", "check"):
            self.assert_exit_code(1, command, "-c", bad)
            self.assert_exit_code(2, command, "--no-such-option")

    def test_the_exit_code_of_a_drain_by_force(self):
        self.start_watched()
        client = self.connect(self.daemon.address("echo"))
        client.sendall(b"hello")
        receive_exactly(client, 5)
        for _ in range(2):
            self.daemon.signal(signal.SIGTERM)
            self.daemon.wait_for_event("draining")
        self.assertEqual(self.daemon.exit_code(), 1)
        self.assertEqual(self.daemon.wait_for_event("connection_closed")["end_reason"], "stopped")

    def assert_exit_code(self, code: int, command: str, *options: object) -> None:
        """It is what happens, and the table has a cell for it."""
        done = subprocess.run([binary(), command, *map(str, options)], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        table = rows("Commands and exit codes", "command")
        row = next(row for row in table if f"`spillway {command}`" in row["command"])
        self.assertTrue(row[str(code)], f"{command}: {code}")


class Signals(unittest.TestCase):
    def test_each_has_its_row_and_each_row_its_signal(self):
        taken = set(re.findall(r"\bSIG(\w+)(?=,|\})", re.search(
            r"for \(const int number : (\{SIGTERM.*?\})\) ::sigaddset",
            source("daemon/server/signals.cpp"))[1]))
        told = {name for row in rows("Signals", "signal") for name in quoted(row["signal"])}
        self.assertEqual(told, taken)


class Links(unittest.TestCase):
    def test_each_leads_somewhere(self):
        for document in ("docs/operations.md", "SECURITY.md"):
            text = source(document)
            folder = (ROOT / document).parent
            for path, anchor in re.findall(r"\]\(([^)#:]*)(#[^)]*)?\)", text):
                target = folder / path if path else ROOT / document
                with self.subTest(document, link=path + anchor):
                    self.assertTrue(target.exists())
                    if anchor:
                        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
                        self.assertIn(anchor, {anchor_of(heading) for heading in headings})


def anchor_of(heading: str) -> str:
    return "#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    unittest.main()
