#!/usr/bin/env python3
"""The table of `./dev demo slow-consumer` has a row per policy and consumer, and what it says of
the slow ones is what each policy promises: `pause` stalls the producer and loses nothing, `drop_*`
lose lines, `close` disconnects. After a Ctrl-C nothing is left running. `./dev demo` knows it."""

import os
import re
import signal
import sys
import unittest
from pathlib import Path

from harness import Program, SpillwayTest, wait_until
from harness.daemon import binary

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "config" / "demo" / "slow_consumer"
POLICIES = ["pause", "drop_newest", "drop_oldest", "close"]


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


class SlowConsumerDemo(SpillwayTest):
    def start_demo(self, *options: object) -> Program:
        demo = Program(sys.executable, "-B", DEMO, "--daemon", binary(), *options,
                       environment={**os.environ, "TMPDIR": str(self.folder)})
        self.addCleanup(demo.kill)
        return demo

    def finished_table(self) -> dict:
        """The cells by policy and consumer."""
        demo = self.start_demo("--seconds", 4, "--rate", 2000)
        code = demo.exit_code()
        said = demo.output.to_end().decode()
        self.assertEqual(code, 0, said + demo.errors.to_end().decode())
        self.assertRegex(said, r"Peak memory of the daemon: \d+\.\d MiB\n$")
        heading, *lines = [re.split(r"  +", line)
                           for line in said.split("\n\n")[1].splitlines()]
        rows = [dict(zip(heading, line)) for line in lines]
        self.assertEqual([(row["policy"], row["consumer"]) for row in rows],
                         [(policy, name) for policy in POLICIES for name in ("healthy", "slow")])
        return {(row["policy"], row["consumer"]): row for row in rows}

    def test_the_table_says_what_each_policy_promises(self):
        table = self.finished_table()
        for (policy, _), row in table.items():
            delivered, dropped = number(row["delivered"]), number(row["dropped"])
            if row["closed after"] == "-":
                self.assertEqual(number(row["sent"]), delivered + dropped, row)
            if policy in ("pause", "close"):
                self.assertEqual((dropped, number(row["gaps"])), (0, 0), row)
            if policy != "close":
                self.assertEqual(row["closed after"], "-", row)
        self.assertNotEqual(table["pause", "slow"]["producer stalled"], "0.0 s")
        for policy in ("drop_newest", "drop_oldest"):
            row = table[policy, "slow"]
            self.assertGreater(number(row["dropped"]), 0, row)
            self.assertGreater(number(row["gaps"]), 0, row)
        row = table["close", "slow"]
        self.assertRegex(row["closed after"], r"^\d+\.\d s \(slow_consumer\)$", row)

    def test_nothing_is_left_after_a_ctrl_c(self):
        demo = self.start_demo("--seconds", 3600)
        demo.expect(b"lines of 200 bytes")
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        self.assertEqual(len(children), 1, "the daemon")
        demo.signal(signal.SIGINT)
        self.assertEqual(demo.exit_code(), 130)
        self.assertEqual(demo.errors.to_end(), b"")
        self.assertTrue(demo.output.to_end().endswith(b"\nStopped.\n"))
        wait_until("the daemon's end", lambda: not Path(f"/proc/{children[0]}").exists())
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_dev_lists_it_and_knows_what_was_meant(self):
        dev = ROOT / "dev"
        self.assertIn("\n  slow-consumer  ", self.run_program(dev, "demo"))
        self.assertEqual(self.run_program(dev, "demo", "slow-consumr", expected_code=2),
                         './dev: no demo "slow-consumr", did you mean "slow-consumer"?\n')


if __name__ == "__main__":
    unittest.main()
