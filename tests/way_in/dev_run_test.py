#!/usr/bin/env python3
"""`./dev run` does what it says: builds, serves two routes, prints lines that work when pasted, and
leaves nothing behind after a Ctrl-C."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 1200  # a build of the whole release is in it

PASTE = re.compile(r"^  (echo|proxy) +(openssl s_client .+)$", re.MULTILINE)


class DevRunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.temporary = Path(folder.name)

    def start_dev_run(self) -> subprocess.Popen:
        """In a process group of its own: the Ctrl-C is sent to all of it, as a terminal does."""
        self.said = self.temporary / "said"
        (self.temporary / "tmp").mkdir()
        with open(self.said, "wb") as said:
            process = subprocess.Popen(
                [ROOT / "dev", "run"], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True, env={**os.environ, "TMPDIR": self.temporary / "tmp"})
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process: subprocess.Popen):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)

    def pasteable_lines(self, process: subprocess.Popen) -> dict:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            lines = dict(PASTE.findall(self.said.read_text(errors="replace")))
            if len(lines) == 2:
                return lines
            if process.poll() is not None:
                break
            time.sleep(0.1)
        self.fail(f"./dev run did not get ready:\n{self.said.read_text(errors='replace')[-8000:]}")

    def answer_to(self, pasted: str) -> str:
        """Types a line into the pasted command and waits for one that comes back."""
        client = subprocess.Popen(shlex.split(pasted), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            client.stdin.write("hello\n")
            client.stdin.flush()
            return client.stdout.readline()
        finally:
            client.kill()
            client.communicate()

    def test_it_serves_what_it_prints_and_stops_clean(self):
        process = self.start_dev_run()
        lines = self.pasteable_lines(process)
        self.assertEqual(self.answer_to(lines["echo"]), "hello\n")
        self.assertEqual(self.answer_to(lines["proxy"]), "upstream got: hello\n")

        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(60), 0, self.said.read_text())
        said = self.said.read_text()
        self.assertIn("connection_closed", said)
        self.assertTrue(said.endswith("Stopped.\n"), said)
        self.assertEqual(list((self.temporary / "tmp").iterdir()), [])


if __name__ == "__main__":
    finished = unittest.main(exit=False).result
    bad = len(finished.failures) + len(finished.errors)
    print(f"{finished.testsRun - bad} passed, {bad} failed")
    sys.exit(0 if finished.testsRun and not bad else 1)
