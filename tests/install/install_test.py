#!/usr/bin/env python3
"""What `cmake --install` leaves behind can be moved, found, linked and run by somebody else.

usage: install_test.py SOURCE_DIRECTORY BUILD_DIRECTORY CXX_COMPILER

The consumer is built outside of the tree, against the moved prefix alone.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE, BUILD, COMPILER = Path(), Path(), ""


def run(*command: object, **variables: str) -> str:
    finished = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=300, check=False, env={**os.environ, **variables})
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

    def test_pkg_config_tells_another_build_system_all_that_it_needs(self):
        pc = next(self.prefix.rglob("spillway.pc"))
        flags = run("pkg-config", "--static", "--cflags", "--libs", "spillway",
                    PKG_CONFIG_PATH=str(pc.parent)).split()
        program = self.folder / "by_pkg_config"
        run(COMPILER, "-std=c++20", SOURCE / "tests/install/consumer/main.cpp", "-o", program, *flags)
        self.assertEqual(run(program), "hello\n")

    def test_every_public_header_is_installed_and_no_other(self):
        def headers(root):
            return sorted(path.relative_to(root) for path in root.rglob("*.hpp"))

        self.assertEqual(headers(self.prefix / "include"), headers(SOURCE / "lib/include"))

    def test_the_package_names_no_place_of_the_machine_that_built_it(self):
        package = [*self.prefix.rglob("*.cmake"), *self.prefix.rglob("*.pc")]
        self.assertNotEqual(package, [])
        for path in package:
            self.assertNotIn(str(SOURCE), path.read_text(), path)
            self.assertNotIn(str(self.folder), path.read_text(), path)

    def test_the_installed_daemon_runs(self):
        self.assertIn("spillway", run(self.prefix / "bin/spillway", "--version"))


class PlacesTest(unittest.TestCase):
    """Where the Filesystem Hierarchy Standard has it."""

    def install(self, *arguments: object) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.install_again(Path(folder.name), *arguments)
        return Path(folder.name)

    @staticmethod
    def install_again(folder: Path, *arguments: object) -> str:
        return run("cmake", "--install", BUILD, *arguments, DESTDIR=str(folder))

    def test_the_daemon_brings_what_goes_with_it_and_nothing_of_the_library(self):
        root = self.install("--prefix", "/usr", "--component", "daemon")
        files = {f"/{path.relative_to(root)}" for path in root.rglob("*") if path.is_file()}
        documents = {path for path in files if path.startswith("/usr/share/doc/spillway/")}
        self.assertEqual(files - documents, {
            "/etc/logrotate.d/spillway",
            "/etc/spillway/spillway.schema.json",
            "/etc/spillway/spillway.yaml",
            "/usr/bin/spillway",
            "/usr/lib/systemd/system/spillway.service",
            "/usr/lib/systemd/system/spillway.socket",
            "/usr/lib/sysusers.d/spillway.conf",
            "/usr/share/bash-completion/completions/spillway",
            "/usr/share/man/man5/spillway.yaml.5",
            "/usr/share/man/man8/spillway.8",
            "/usr/share/zsh/vendor-completions/_spillway",
        })
        for name in ("configuration.md", "overflow.md", "examples/feed.yaml", "examples/minimal.yaml"):
            self.assertIn(f"/usr/share/doc/spillway/{name}", documents)

    def test_editors_find_the_schema_beside_the_configuration_and_beside_a_copied_example(self):
        root = self.install("--prefix", "/usr", "--component", "daemon")
        shown = "# yaml-language-server: $schema=spillway.schema.json\n"
        examples = root / "usr/share/doc/spillway/examples"
        for file in (root / "etc/spillway/spillway.yaml", *examples.iterdir()):
            self.assertTrue(file.read_text().startswith(shown), file)
        for example in examples.iterdir():
            original = SOURCE / "config/examples" / example.name
            if original.exists():
                self.assertEqual(example.read_text().splitlines()[1:],
                                 original.read_text().splitlines()[1:])

    def test_links_of_documents_lead_to_what_is_installed(self):
        root = self.install("--prefix", "/usr", "--component", "daemon")
        followed = set()
        for document in (root / "usr/share/doc/spillway").rglob("*.md"):
            for link in re.findall(r"\]\(([^)#:]+)[)#]", document.read_text()):
                target = root / link[1:] if link.startswith("/") else document.parent / link
                with self.subTest(document.name, link=link):
                    self.assertTrue(target.exists())
                followed.add(link)
        self.assertLessEqual({"examples/feed.yaml", "overflow.md", "/etc/spillway/spillway.yaml"},
                             followed)

    def test_the_configuration_is_where_the_prefix_wants_it(self):
        for prefix, etc in (("/usr/local", "usr/local/etc"), ("/opt/spillway", "etc/opt/spillway")):
            root = self.install("--prefix", prefix, "--component", "daemon")
            self.assertTrue((root / etc / "spillway/spillway.yaml").exists(), prefix)

    def test_a_configuration_that_is_there_already_stays(self):
        root = self.install("--prefix", "/usr", "--component", "daemon")
        configuration = root / "etc/spillway/spillway.yaml"
        configuration.write_text("mine\n")
        said = self.install_again(root, "--prefix", "/usr", "--component", "daemon")
        self.assertEqual(configuration.read_text(), "mine\n")
        self.assertIn("Kept: /etc/spillway/spillway.yaml", said)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    SOURCE, BUILD, COMPILER = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
