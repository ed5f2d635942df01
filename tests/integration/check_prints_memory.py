#!/usr/bin/env python3
"""`spillway check` says what slow peers can cost before they do: per session, per route and in all,
and warns where that is more than `limits.memory` or than the machine has. A warning is no fault."""

import re
import unittest

from harness import SpillwayTest
from harness.daemon import binary

LIMITS = "limits: {{connections: {connections}, memory: {memory}}}\n"

ROUTES = """
- name: feed
  listen: 127.0.0.1:0
  upstream: {{servers: "127.0.0.1:1"}}
  limits: {{connections: {feeds}}}
  overflow: {{to_client: {{policy: close, queue: {queue}}}, to_upstream: {{queue: 0}}}}
- name: echo
  listen: 127.0.0.1:0
  echo: true
  limits: {{connections: 10}}
  overflow: {{policy: close, queue: 0}}
"""

UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
SIZE = r"([\d.]+[KMGT]?i?B)"


def in_bytes(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return float(number) * UNITS[unit]


class CheckPrintsMemory(SpillwayTest):
    def check(self, queue: str = "1MiB", feeds: int = 100, connections: int = 1000,
              memory: str = "0") -> str:
        file = self.write_config(ROUTES.format(queue=queue, feeds=feeds),
                                 head=LIMITS.format(connections=connections, memory=memory))
        text = self.run_program(binary(), "check", "-c", file)
        self.assertTrue(text.endswith(f"{file}: ok\n"), text)
        return text

    def route(self, text: str, name: str) -> tuple:
        """Of the route: per session, in all of its sessions, and how many these are."""
        found = re.search(rf'^route "{name}".*?\n  memory: at most {SIZE} of data per session, '
                          rf'{SIZE} in (\d+) sessions?\n', text, re.DOTALL | re.MULTILINE)
        self.assertIsNotNone(found, text)
        return in_bytes(found[1]), in_bytes(found[2]), int(found[3])

    def in_all(self, text: str) -> tuple:
        found = re.search(rf"^all routes: at most {SIZE} in (\d+) sessions?\n", text, re.MULTILINE)
        self.assertIsNotNone(found, text)
        return in_bytes(found[1]), int(found[2])

    def test_routes_and_all_of_them(self):
        text = self.check()
        per_feed, feeds, count = self.route(text, "feed")
        self.assertEqual(count, 100)
        self.assertGreater(per_feed, 1 << 20)
        per_echo, echoes, count = self.route(text, "echo")
        self.assertEqual(count, 10)
        # Sizes are printed with few digits.
        self.assertAlmostEqual(feeds / (100 * per_feed), 1, delta=0.05)
        self.assertAlmostEqual(echoes / (10 * per_echo), 1, delta=0.05)
        in_all, count = self.in_all(text)
        self.assertEqual(count, 110)
        self.assertAlmostEqual(in_all / (feeds + echoes), 1, delta=0.05)
        self.assertNotIn("warning", text)

    def test_a_session_costs_its_queue(self):
        small, _, _ = self.route(self.check(queue="1MiB"), "feed")
        large, _, _ = self.route(self.check(queue="9MiB"), "feed")
        self.assertGreaterEqual(large - small, 8 << 20)

    def test_the_process_limit_of_connections_counts_the_dearest_sessions(self):
        text = self.check(connections=50)
        per_feed, _, count = self.route(text, "feed")
        self.assertEqual(count, 50)
        in_all, count = self.in_all(text)
        self.assertEqual(count, 50)
        self.assertAlmostEqual(in_all / (50 * per_feed), 1, delta=0.05)

    def test_the_memory_limit_lowers_the_sum_and_is_warned_of(self):
        unlimited, _ = self.in_all(self.check())
        text = self.check(memory="16MiB")
        limited, _ = self.in_all(text)
        self.assertLess(limited, unlimited - (64 << 20))
        self.assertIn("more than `limits.memory` (16MiB)", text)
        self.assertEqual(text.count("warning: "), 1)
        self.assertNotIn("warning", self.check(memory="1GiB"))

    def test_more_than_the_machine_has_is_warned_of(self):
        text = self.check(queue="1GiB", feeds=1_000_000, connections=1_000_000)
        self.assertRegex(text, rf"warning: the sessions can come to hold {SIZE}, more than the "
                               rf"memory of this (machine|cgroup) \({SIZE}\)")

    def test_without_a_limit_of_connections_there_is_no_bound(self):
        text = self.check(feeds=0, connections=0)
        self.assertEqual(text.count("no bound: set limits.connections"), 2)
        self.assertIn("can come to hold any amount", text)


if __name__ == "__main__":
    unittest.main()
