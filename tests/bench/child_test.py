#!/usr/bin/env python3
"""What is started is ended with all that it started, and says why it fell over."""

import os
import tempfile
import unittest
from pathlib import Path

from child import Child

CPUS = sorted(os.sched_getaffinity(0))[:1]


def is_running(pid: int) -> bool:
    """A zombie is not: nobody may be there to collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class ChildTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="spillway-")
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"

    def start(self, script: str) -> Child:
        child = Child("the child", ["sh", "-c", script], CPUS, self.log)
        self.addCleanup(child.stop)
        return child

    def test_its_children_are_found_and_end_with_it(self):
        child = self.start("trap '' TERM; sleep 600 & echo up; exec sleep 600")
        child.await_ready(lambda: len(child.pids()) == 2, 30)
        pids = child.pids()
        child.stop()
        self.assertFalse(any(map(is_running, pids)))

    def test_it_runs_on_its_cpus(self):
        child = self.start("echo up; exec sleep 600")
        child.await_ready(lambda: self.log.read_text() == "up\n", 30)
        self.assertEqual(os.sched_getaffinity(child.pids()[0]), set(CPUS))

    def test_one_that_ends_early_is_told_with_its_last_words(self):
        child = self.start("echo no such file; exit 3")
        with self.assertRaises(RuntimeError) as caught:
            child.await_ready(lambda: False, 30)
        self.assertEqual(str(caught.exception), "the child ended with 3; the end of what it said:\n"
                                                "    no such file")

    def test_one_that_was_killed_is_told(self):
        child = self.start("kill -SEGV $$")
        with self.assertRaisesRegex(RuntimeError, "was ended by SIGSEGV and said nothing"):
            child.await_ready(lambda: False, 30)

    def test_one_that_never_gets_ready_is_told(self):
        child = self.start("exec sleep 600")
        with self.assertRaisesRegex(RuntimeError, "the child was not ready after 0 s"):
            child.await_ready(lambda: False, 0)


if __name__ == "__main__":
    unittest.main()
