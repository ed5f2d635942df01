#!/usr/bin/env python3
"""A clone of this repository on systems that have seen nothing of it, with the two commands of README.md and
those of its installation typed by a user who may use sudo. SPILLWAY_SUITES="trixie" names the distribution's releases to take.

Commits count, as with every clone: what is not committed is not there.
"""

import os
import tempfile
import unittest
from pathlib import Path

import first_steps
from installed import keep_packages
from machine import Machine
from report import main
from root import BOOTABLE, KEPT, REPOSITORY, DebianRoot, run

SUITES = os.environ.get("SPILLWAY_SUITES", "bookworm trixie").split()
PATIENCE = 7200  # without anything kept from the last run all is compiled

# What who clones and types has; ./dev brings the rest.
PACKAGES = (*BOOTABLE, "ca-certificates", "git", "sudo")

USER, NUMBER, HOME = "somebody", 1000, "/home/somebody"
# The rest of what an installer leaves and a bootstrap does not: what the machine calls itself, and a user.
FINISH = f"""
    printf '%s localhost\\n' 127.0.0.1 ::1 >/etc/hosts
    useradd --uid {NUMBER} --shell /bin/bash {USER}
    chown {USER}: {HOME} /var/cache/ccache
    echo '{USER} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/{USER}
"""

# Of compilers alone, so that the next run is fast. No place is part of what is kept.
KEPT_COMPILES = {"CCACHE_DIR": "/var/cache/ccache", "CCACHE_BASEDIR": "/", "CCACHE_NOHASHDIR": "1",
                 "CCACHE_SLOPPINESS": "pch_defines,time_macros"}


class FreshTest(unittest.TestCase):
    suite = ""

    def setUp(self):
        compiles = KEPT / f"{self.suite}-ccache"
        compiles.mkdir(parents=True, exist_ok=True)
        # On a disk: what is built there is too much for a machine that keeps its changes in memory.
        folder = tempfile.TemporaryDirectory(prefix="home-", dir=KEPT.parent)
        self.addCleanup(folder.cleanup)
        self.clone = Path(folder.name) / "spillway"
        run("git", "clone", "-q", "--no-hardlinks", REPOSITORY, self.clone)
        run("chown", "-R", f"{NUMBER}:{NUMBER}", folder.name)
        self.machine = Machine(DebianRoot("fresh", PACKAGES, self.suite), options=(
            f"--bind={folder.name}:{HOME}", f"--bind={compiles}:/var/cache/ccache",
            "--resolv-conf=copy-host"))
        self.addCleanup(self.machine.__exit__, None, None, None)
        self.machine.__enter__()
        self.machine.run("sh", "-euc", FINISH)

    def type_in(self, line: str) -> str:
        kept = [f"{name}={value}" for name, value in KEPT_COMPILES.items()]
        return self.machine.run("runuser", "-u", USER, "--", "env", f"--chdir={HOME}/spillway",
                                f"HOME={HOME}", *kept, "sh", "-euc", line, patience=PATIENCE)

    def test_every_test_passes(self):
        said = self.type_in("./dev test")
        self.assertRegex(said, r"\n[1-9]\d* passed, 0 failed\n$")
        print(f"{self.suite}: {said.splitlines()[-1]}", flush=True)

    def test_what_is_run_serves_and_ends(self):
        # ./dev release brings what ./dev run needs, the python3 that the test of it is written in too.
        self.bring_ccache()
        self.type_in("./dev release && python3 -B tests/way_in/dev_run_test.py")

    def test_what_is_packaged_and_installed_serves(self):
        package, install, check, start = first_steps.install_commands()
        self.bring_ccache()
        self.type_in(f"CMAKE_CXX_COMPILER_LAUNCHER=ccache {package}")
        keep_packages(self.clone / "build/package", self.suite)
        self.type_in(install.replace(" install ", " install -y "))
        first_steps.make_certificate(self.machine)
        self.type_in(check)
        self.type_in(start)
        self.assertEqual(first_steps.relay(self.machine, b"hello"), b"HELLO")

    def bring_ccache(self) -> None:
        """Nothing but time hangs on it, and only ./dev test brings it by itself."""
        self.type_in("sudo apt-get -q update; sudo apt-get -q install -y ccache")


def load_tests(loader: unittest.TestLoader, _tests: object, _pattern: object) -> unittest.TestSuite:
    return unittest.TestSuite(
        loader.loadTestsFromTestCase(type(f"Fresh_{suite}", (FreshTest,), {"suite": suite}))
        for suite in SUITES)


if __name__ == "__main__":
    main()
