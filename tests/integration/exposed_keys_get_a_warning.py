#!/usr/bin/env python3
"""A key file that every user may read gets a warning: at the start, at a reload, when it is read anew,
and by `spillway check`."""

import signal
import unittest

from harness import SpillwayTest
from harness.daemon import binary

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  tls: {tls}
  echo: true
"""


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


if __name__ == "__main__":
    unittest.main()
