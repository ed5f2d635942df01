#!/usr/bin/env python3
"""What `cmake --install` leaves behind can be moved, found, linked and run by somebody else.

usage: install_test.py SOURCE_DIRECTORY BUILD_DIRECTORY CXX_COMPILER

The consumer is built outside of the tree, against the moved prefix alone.
"""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD, COMPILER = Path(), Path(), ""


def run(*command: object) -> str:
    finished = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=300, check=False)
    if finished.returncode != 0:
        raise AssertionError(f"{command} ended with {finished.returncode}:\n{finished.stdout}")
    return finished.stdout


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.prefix = cls.folder / "moved"
        run("cmake", "--install", BUILD, "--prefix", cls.folder / "prefix")
        (cls.folder / "prefix").rename(cls.prefix)

    def test_a_consumer_finds_links_and_runs_the_library(self):
        consumer = self.folder / "consumer"
        shutil.copytree(SOURCE / "tests/install/consumer", consumer)
        run("cmake", "-S", consumer, "-B", consumer / "build", "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={COMPILER}")
        run("cmake", "--build", consumer / "build")
        self.assertEqual(run(consumer / "build/consumer"), "hello\n")

    def test_every_public_header_is_installed_and_no_other(self):
        def headers(root):
            return sorted(path.relative_to(root) for path in root.rglob("*.hpp"))

        self.assertEqual(headers(self.prefix / "include"), headers(SOURCE / "lib/include"))

    def test_the_package_names_no_place_of_the_machine_that_built_it(self):
        package = [path for path in self.prefix.rglob("*.cmake")]
        self.assertNotEqual(package, [])
        for path in package:
            self.assertNotIn(str(SOURCE), path.read_text(), path)
            self.assertNotIn(str(self.folder), path.read_text(), path)

    def test_the_installed_daemon_runs(self):
        self.assertIn("spillway", run(self.prefix / "bin/spillway", "--version"))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    SOURCE, BUILD, COMPILER = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
