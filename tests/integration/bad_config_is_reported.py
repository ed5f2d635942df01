#!/usr/bin/env python3
"""A broken file is reported whole, each fault at its place; wrong usage gets one line."""

import subprocess
import unittest

from harness import PATIENCE, SpillwayTest
from harness.daemon import binary

FAULTY = """\
threads: many
shutdown: {drain_timeout: 30}
routes:
  - name: first
    listen: 127.0.0.1:0
    ehco: true
  - name: second
    listen: 127.0.0.1
    upstream: {servers: "127.0.0.1:1"}
    timeouts: {idle: 10}
"""

GOOD = """
- name: echo
  listen: 127.0.0.1:0
  echo: true
"""


def spillway(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run([binary(), *map(str, arguments)], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=PATIENCE, check=False)


class BadConfig(SpillwayTest):
    def test_too_few_descriptors_are_an_error_and_no_crash(self):
        finished = subprocess.run(
            ["bash", "-c", 'ulimit -n 10; exec "$0" "$@"', binary(), "echo", "--listen",
             "127.0.0.1:0"], stdin=subprocess.DEVNULL, text=True, capture_output=True,
            timeout=PATIENCE, check=False)
        self.assertEqual(finished.returncode, 1, finished.stderr)
        self.assertIn("raise `ulimit -n`", finished.stderr)

    def assert_faults(self, command: str, text: str, places: list):
        file = self.folder / "bad.yaml"
        file.write_text(text)
        finished = spillway(command, "-c", file)
        self.assertEqual(finished.returncode, 1, finished.stderr)
        said = finished.stderr + finished.stdout
        for place, words in places:
            lines = [line for line in said.splitlines() if f"{file}:{place}:" in line]
            self.assertTrue(any(words in line for line in lines), f"{place} {words}:\n{said}")

    def test_every_fault_is_told_at_once_with_its_place(self):
        for command in ("check", "run"):
            with self.subTest(command):
                self.assert_faults(command, FAULTY, [
                    ("1", "threads"), ("2", "30s"), ("6", 'route "first"'), ("6", "echo"),
                    ("8", 'route "second"'), ("10", "10s")])

    def test_a_certificate_that_is_missing_is_told_at_its_key(self):
        self.assert_faults("check", """\
routes:
  - name: tls
    listen: 127.0.0.1:0
    tls: {certificates: [{cert: nowhere.crt, key: nowhere.key}]}
    echo: true
""", [("4", "nowhere.crt")])

    def test_keys_of_later_versions_are_refused_and_not_ignored(self):
        for key, value in (("statistics", "{listen: 127.0.0.1:1}"), ("include", "other.yaml")):
            with self.subTest(key):
                self.assert_faults("check", f"""\
{key}: {value}
routes:
  - {{name: a, listen: "127.0.0.1:0", echo: true}}
""", [("1", key)])

    def test_a_file_that_is_not_there(self):
        finished = spillway("run", "-c", self.folder / "missing.yaml")
        self.assertEqual(finished.returncode, 1)
        self.assertIn("missing.yaml", finished.stderr)

    def test_a_good_file_passes_the_check(self):
        file = self.write_config(GOOD)
        finished = spillway("check", "-c", file)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertIn("echo", finished.stdout)
        self.assertEqual(finished.stderr, "")

    def test_overflow_keys_that_do_not_fit_each_other_are_told_at_their_places(self):
        self.assert_faults("check", """\
routes:
  - name: torn
    listen: 127.0.0.1:0
    echo: true
    overflow: {policy: drop_oldest}
  - name: narrow
    listen: 127.0.0.1:0
    upstream: {servers: "127.0.0.1:1"}
    framing: {delimiter: "\\r\\n"}
    overflow:
      to_client: {policy: drop_newest, queue: 4KiB}
      to_upstream: {policy: close, max_age: 5s}
""", [("5:16", "would tear the stream"), ("11:40", "write `queue: 64KiB` or more"),
      ("12:36", "leave `max_age` out")])

    def test_the_check_tells_what_slow_peers_can_cost_and_warns_of_too_much(self):
        file = self.write_config("""
- name: feed
  listen: 127.0.0.1:0
  upstream: {servers: "127.0.0.1:1"}
  framing: line
  overflow:
    to_client: {policy: drop_oldest, queue: 1MiB, queue_messages: 100, max_age: 5s}
    to_upstream: {policy: close, queue: 0}
""", head="limits: {connections: 100000, memory: 1MiB}\n")
        finished = spillway("check", "-c", file)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        for words in ("framing: line, max_message 64KiB",
                      "to_client: drop_oldest, queue 1MiB, queue_messages 100, stall_timeout 1m, "
                      "max_age 5s",
                      "to_upstream: close, queue 0B, stall_timeout 1m",
                      "of data per session, ", " in 10000 sessions\nall routes: at most ",
                      "\nwarning: the queues can come to hold ", "with reason `memory`\n"):
            self.assertIn(words, finished.stdout)
        self.assertTrue(finished.stdout.endswith(f"{file}: ok\n"), finished.stdout)
        self.assertEqual(finished.stderr, "")


class WrongUsage(SpillwayTest):
    def test_it_gets_exactly_one_line(self):
        for arguments in (["rnu"], ["run", "--confg", "x"], ["run", "-c"], ["stats"],
                          ["echo", "--listen", "nonsense"], ["proxy", "--listen", "127.0.0.1:0"],
                          ["echo", "--listen", "127.0.0.1:0", "--overflow", "drop_oldest"]):
            with self.subTest(" ".join(arguments)):
                finished = spillway(*arguments)
                self.assertEqual(finished.returncode, 2, finished.stderr)
                self.assertEqual(finished.stdout, "")
                self.assertEqual(len(finished.stderr.splitlines()), 1, finished.stderr)

    def test_a_mistyped_word_gets_a_suggestion(self):
        self.assertIn('run', spillway("rnu").stderr)
        self.assertIn("--config", spillway("run", "--confg", "x").stderr)

    def test_a_policy_that_drops_is_told_what_it_needs(self):
        finished = spillway("proxy", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1",
                            "--overflow-to-client", "drop_oldest")
        self.assertEqual(finished.returncode, 2)
        self.assertIn("add `--framing line`", finished.stderr)

    def test_help_and_version_are_no_errors(self):
        for arguments in (["--version"], ["--help"], ["run", "--help"], ["check", "--help"],
                          ["echo", "--help"], ["proxy", "--help"]):
            with self.subTest(" ".join(arguments)):
                finished = spillway(*arguments)
                self.assertEqual(finished.returncode, 0, finished.stderr)
                self.assertNotEqual(finished.stdout, "")

    def test_the_version_names_what_it_runs_with(self):
        said = spillway("--version").stdout
        for name in ("spillway", "Boost", "OpenSSL", "spdlog", "yaml-cpp"):
            self.assertIn(name, said)


if __name__ == "__main__":
    unittest.main()
