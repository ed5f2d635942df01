#!/usr/bin/env python3
"""A key file that all may read gets a warning, at the start, at a reload and by `check`; and the text of
a key is nowhere in the daemon's memory once it is read."""

import re
import signal
import unittest
from pathlib import Path

from harness import SpillwayTest
from harness.daemon import binary

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {tls}
  echo: true
"""

LARGEST_MAPPING = 1 << 30  # sanitizers reserve terabytes, where nothing is


class ExposedKeys(SpillwayTest):
    def start_with_mode(self, mode):
        self.identity.key.chmod(mode)
        self.daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        self.daemon.address("echo")

    def reload(self):
        before = len(self.daemon.events("reloaded"))
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_events(before + 1, "reloaded")

    def check(self):
        return self.run_program(binary(), "check", "-c",
                                self.write_config(ROUTES.format(tls=self.identity.config)))

    def test_is_told_at_the_start_and_at_a_reload(self):
        self.start_with_mode(0o644)
        line = self.daemon.wait_for_event("key_exposed")
        self.assertEqual(line["level"], "warning")
        self.assertEqual(line["key"], str(self.identity.key))
        self.assertEqual(line["mode"], "0644")
        self.assertIn(f"chmod 640 {self.identity.key}", line["reason"])
        self.reload()
        self.assertEqual(len(self.daemon.events("key_exposed")), 2)

    def test_is_told_when_it_becomes_one(self):
        self.start_with_mode(0o600)
        self.identity.key.chmod(0o604)
        self.daemon.wait_for_event("key_exposed", mode="0604")

    def test_a_key_for_a_group_is_none(self):
        self.start_with_mode(0o640)
        self.reload()
        self.assertEqual(self.daemon.events("key_exposed"), [])
        self.assertNotIn("warning", self.check())

    def test_check_warns_and_passes(self):
        self.identity.key.chmod(0o644)
        warning = next(line for line in self.check().splitlines() if line.startswith("warning: "))
        self.assertIn("mode 0644", warning)
        self.assertIn(f"`chmod 640 {self.identity.key}`", warning)

    def test_a_link_is_judged_by_where_it_leads(self):
        """As Kubernetes has them; the modes of a link itself are always 0777."""
        real = self.identity.key.rename(self.folder / "real.key")
        self.identity.key.symlink_to(real.name)
        self.assertNotIn("warning", self.check())
        real.chmod(0o644)
        self.assertIn("mode 0644", self.check())


class TextOfKeys(SpillwayTest):
    def test_is_wiped_when_it_is_read(self):
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        daemon.address("echo")
        self.assert_forgotten(daemon, self.identity.key)

    def test_is_wiped_when_it_stands_beside_the_certificate_in_one_file(self):
        both = self.folder / "both.pem"
        both.touch(0o600)
        # A long chain, for which the reader's buffer has to grow.
        both.write_text(self.identity.key.read_text() + 100 * self.identity.certificate.read_text())
        daemon = self.start_daemon(ROUTES.format(tls=f"{{certificates: [{{cert: {both}}}]}}"))
        daemon.address("echo")
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_event("reloaded")
        self.assert_forgotten(daemon, self.identity.key)

    def test_is_wiped_when_the_certificate_is_missing(self):
        daemon = self.start_daemon(ROUTES.format(tls=self.identity.config))
        daemon.address("echo")
        self.identity.certificate.unlink()
        daemon.signal(signal.SIGHUP)
        daemon.wait_for_event("reload_failed")
        self.assert_forgotten(daemon, self.identity.key)

    def assert_forgotten(self, daemon, key: Path) -> None:
        """Of the key's lines none is in memory; that of the certificate's file name is."""
        lines = key.read_bytes().splitlines()[1:-1]
        text = memory_of(daemon.pid)
        self.assertIn(str(key.parent).encode(), text)
        for line in lines:
            self.assertNotIn(line, text)


def memory_of(pid: int) -> bytes:
    """All that the process can write to."""
    memory = bytearray()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            begin, end, modes = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            size = int(end, 16) - int(begin, 16)
            if not modes.startswith("rw") or size > LARGEST_MAPPING:
                continue
            file.seek(int(begin, 16))
            try:
                memory += file.read(size)
            except OSError:
                pass  # it has gone since, or is the system's own
    return bytes(memory)


if __name__ == "__main__":
    unittest.main()
