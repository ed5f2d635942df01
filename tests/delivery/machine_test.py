#!/usr/bin/env python3
"""What the other tests here stand on: the system they boot is one, and is gone afterwards."""

import unittest

from machine import Machine, wait_until
from report import main
from root import DebianRoot


class MachineTest(unittest.TestCase):
    def test_it_boots_runs_and_forgets(self):
        root = DebianRoot()
        with Machine(root) as machine:
            self.assertEqual(machine.run("ps", "-o", "comm=", "-p", "1"), "systemd\n")
            self.assertEqual(machine.run("cat", input_text="in and out\n"), "in and out\n")
            self.assertEqual(machine.attempt("sh", "-c", "echo no; exit 3"), (3, "no\n"))
            machine.write("/etc/a-change", "here\n")
            self.assertEqual(machine.run("cat", "/etc/a-change"), "here\n")
            machine.run("systemd-run", "--quiet", "nc", "-l", "-k", "127.0.0.1", "7000")
            wait_until("the listener", lambda: machine.run("ss", "-Hltn", "sport = 7000"))
            machine.connect("127.0.0.1", 7000).close()
            self.assertRaises(ConnectionRefusedError, machine.connect, "127.0.0.1", 7001)
            links = machine.run("ip", "-o", "link")
            self.assertEqual(len(links.splitlines()), 1, links)
        self.assertFalse((root.folder / "etc/a-change").exists())


if __name__ == "__main__":
    main()
