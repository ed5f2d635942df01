#!/usr/bin/env python3
"""The text of a private key is nowhere in the daemon's memory once it is read."""

import re
import signal
import unittest
from pathlib import Path

from harness import SpillwayTest

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {tls}
  echo: true
"""

LARGEST_MAPPING = 1 << 30  # sanitizers reserve terabytes, where nothing is


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
        """No two lines of it are together in memory, as the folder's name is. A single one may be left
        where OpenSSL has read it."""
        lines = key.read_bytes().splitlines()[1:-1]
        memory = memory_of(daemon.pid)
        self.assertTrue(bytes(key.parent) in memory)
        for pair in zip(lines, lines[1:]):
            self.assertFalse(b"\n".join(pair) in memory)


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
