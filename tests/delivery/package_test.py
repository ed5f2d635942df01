#!/usr/bin/env python3
"""The Debian packages, as who runs a machine meets them: checked, installed, used, upgraded over a
running service, removed and purged. Needs `./dev package` first; ./dev delivery package does both.
SPILLWAY_SUITES: see installed.py."""

import gzip
import re
import shutil
import ssl
import tempfile
import unittest
from pathlib import Path

import first_steps
from installed import (CONFIGURATION, PACKAGES, InstalledTest, files, for_each_suite, install, only,
                       packages_for)
from machine import Machine, wait_until
from report import main
from root import BOOTABLE, REPOSITORY, DebianRoot, run


class PackageTest(unittest.TestCase):
    """What can be told without installing them."""

    def test_lintian_finds_nothing(self):
        said = run("lintian", "--allow-root", "--fail-on", "error,warning",
                   *sorted(PACKAGES.glob("*.deb")))
        self.assertNotRegex(said, "(?m)^[EW]:")

    def test_there_are_two_with_names_that_say_it_all(self):
        version = run("dpkg-deb", "-f", only(PACKAGES, "spillway_*.deb"), "Version").strip()
        architecture = run("dpkg", "--print-architecture").strip()
        self.assertEqual(sorted(path.name for path in PACKAGES.iterdir()),
                         [f"libspillway-dev_{version}_{architecture}.deb",
                          f"spillway_{version}_{architecture}.deb"])

    def test_the_changelog_begins_with_this_version(self):
        with tempfile.TemporaryDirectory() as name:
            package = only(PACKAGES, "spillway_*.deb")
            run("dpkg-deb", "-x", package, name)
            changelog = gzip.open(Path(name) / "usr/share/doc/spillway/changelog.gz", "rt").read()
        self.assertIn(f"({run('dpkg-deb', '-f', package, 'Version').strip()})",
                      changelog.splitlines()[0])


class DevelopmentTest(unittest.TestCase):
    """The library, on a machine that has compilers and nothing that the library needs."""

    suite = ""
    BUILD = """
        cmake -S /mnt/test/consumer -B /root/by-cmake
        cmake --build /root/by-cmake
        g++ -std=c++20 /mnt/test/consumer/main.cpp -o /root/by-pkg-config \\
          $(pkg-config --static --cflags --libs spillway)
    """

    def test_it_is_installed_found_by_both_ways_and_removed(self):
        package = only(packages_for(self.suite), "libspillway-dev_*.deb")
        root = DebianRoot("compiling", (*BOOTABLE, "cmake", "g++", "make", "pkg-config"), self.suite)
        root.fetch_dependencies_of(package)
        folder = tempfile.TemporaryDirectory(prefix="spillway-package-")
        self.addCleanup(folder.cleanup)
        shutil.copy(package, folder.name)
        shutil.copytree(REPOSITORY / "tests/install/consumer", Path(folder.name) / "consumer")
        with Machine(root, Path(folder.name)) as machine:
            before = files(machine)
            self.assertNotEqual(machine.attempt("pkg-config", "--exists", "spillway")[0], 0)
            install(machine, f"/mnt/test/{package.name}")
            machine.run("sh", "-euc", self.BUILD, patience=300)
            for program in ("/root/by-cmake/consumer", "/root/by-pkg-config"):
                self.assertEqual(machine.run(program), "hello\n")
            own = set(machine.run("dpkg-query", "-L", "libspillway-dev").splitlines()) - before
            self.assertIn("/usr/include/spillway/connection.hpp", own)
            machine.run("apt-get", "-q", "purge", "-y", "--autoremove", "libspillway-dev",
                        patience=300)
            self.assertEqual(files(machine) & own, set())


class LifeTest(InstalledTest):
    def test_it_installs_and_its_words_are_there(self):
        said = self.install(self.package, "man-db")
        self.assertNotIn("systemctl", said)  # it neither failed at anything nor warned of it
        self.assertRegex(self.machine.run("spillway", "--version"), r"^spillway \d+\.\d+\.\d+\n")
        for page, words in (("spillway.8", "SIGNALS"), ("spillway.yaml.5", "drain_timeout")):
            self.assertIn(words, self.machine.run("man", page.split(".")[-1], page.rpartition(".")[0]))
        self.assertEqual(self.machine.show("spillway", "ActiveState"), "inactive")
        self.assertEqual(self.machine.show("spillway", "UnitFileState"), "disabled")
        self.assertEqual(self.machine.show("spillway.socket", "UnitFileState"), "disabled")
        self.machine.run("systemd-analyze", "verify", "--man=yes", "spillway.service",
                         "spillway.socket")

    def test_what_readme_and_configuration_say_is_all_that_it_takes(self):
        self.install(self.package, "openssl", "sudo")
        package, install, check, start = first_steps.install_commands()
        self.assertEqual((package, install),
                         ("./dev package", "sudo apt install ./build/package/spillway_*.deb"))
        said = self.machine.run("sh", "-c", check, expected_code=1)
        self.assertIn("server.crt", said)
        first_steps.make_certificate(self.machine)
        self.assertIn("127.0.0.1:7443", self.machine.run("sh", "-c", check))
        self.machine.run("sh", "-c", start)
        self.assertEqual(first_steps.relay(self.machine, b"hello"), b"HELLO")

    def test_the_key_is_readable_for_the_service_and_for_nobody_else(self):
        self.install(self.package, "openssl")
        first_steps.make_certificate(self.machine)
        self.assertEqual(self.machine.run("stat", "-c", "%U %G %a", "/etc/spillway/server.key"),
                         "root spillway-keys 640\n")

    def test_what_is_commented_out_in_the_configuration_serves(self):
        self.install(self.package, "openssl")
        first_steps.make_certificate(self.machine)
        self.machine.run("systemctl", "start", "spillway")
        shipped = self.machine.run("cat", CONFIGURATION)
        echo = shipped[shipped.index("  #- name: echo"):]
        self.machine.write(CONFIGURATION, shipped.replace(echo, echo.replace("#", "")))
        self.machine.run("systemctl", "reload", "spillway")
        wait_until("the echo", lambda: "reloaded" in self.machine.journal("spillway"))
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # it signs itself
        with self.machine.connect("127.0.0.1", 7007) as plain, \
                trusting.wrap_socket(plain) as client:
            self.assert_echoed(client)

    def test_an_upgrade_lets_sessions_drain_and_the_new_one_serves(self):
        self.install(self.package)
        self.configure()
        self.machine.run("systemctl", "enable", "spillway")
        self.start()
        before = self.machine.show("spillway", "MainPID")
        client = self.session()
        upgrade = self.start_upgrade()
        # Nobody new is accepted, and who is there goes on.
        wait_until("the drain", self.drains)
        self.assert_echoed(client)
        self.assertRaises(ConnectionRefusedError, self.machine.connect, "127.0.0.1", 7443)
        client.close()
        self.finish(upgrade)
        wait_until("the new daemon", self.is_served)
        self.assertNotEqual(self.machine.show("spillway", "MainPID"), before)
        self.assertEqual(self.machine.run("dpkg-query", "-W", "-f", "${Version}", "spillway"),
                         self.newer_version)
        self.assertEqual(self.machine.show("spillway", "UnitFileState"), "enabled")
        self.assertNotIn("Failed with result", self.machine.journal("spillway"))

    def test_an_upgrade_refuses_nobody_where_the_socket_unit_listens(self):
        self.install(self.package)
        self.configure(listen="systemd:tls")
        self.machine.write("/etc/systemd/system/spillway.socket.d/address.conf",
                           "[Socket]\nListenStream=\nListenStream=127.0.0.1:7443\n")
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "enable", "--now", "spillway.socket")
        self.session().close()
        before = self.machine.show("spillway", "MainPID")
        client = self.session()
        upgrade = self.start_upgrade()
        wait_until("the drain", self.drains)
        waiting = self.machine.connect("127.0.0.1", 7443)
        self.addCleanup(waiting.close)
        client.close()
        served = self.trusting().wrap_socket(waiting, server_hostname="localhost")
        self.assert_echoed(served)
        served.close()
        self.finish(upgrade)
        self.assertNotEqual(self.machine.show("spillway", "MainPID"), before)

    def test_an_upgrade_starts_nothing_that_did_not_run(self):
        self.install(self.package)
        self.install(self.newer)
        self.assertEqual(self.machine.show("spillway", "ActiveState"), "inactive")
        self.assertEqual(self.machine.show("spillway", "UnitFileState"), "disabled")

    def test_a_changed_configuration_outlives_an_upgrade_and_the_removal(self):
        self.install(self.package)
        shipped = self.machine.run("cat", CONFIGURATION)
        self.machine.write(CONFIGURATION, f"{shipped}# mine\n")
        self.install(self.newer)
        self.assertEqual(self.machine.run("cat", CONFIGURATION), f"{shipped}# mine\n")
        self.machine.run("apt-get", "-q", "remove", "-y", "spillway")
        self.assertEqual(self.machine.run("cat", CONFIGURATION), f"{shipped}# mine\n")

    def test_nothing_is_left_behind_by_a_purge(self):
        self.install("openssl")  # what it depends on is not its own
        depends = self.machine.run("dpkg-deb", "-f", self.package, "Depends")
        self.install(*re.findall(r"(?:^|, )([a-z0-9.+-]+)", depends))
        before = files(self.machine)
        self.install(self.package)
        self.configure("/var/log/spillway/spillway.log")
        self.machine.run("systemctl", "enable", "spillway", "spillway.socket")
        self.start()
        self.assertIn("listening", self.machine.run("cat", "/var/log/spillway/spillway.log"))
        self.machine.run("apt-get", "-q", "remove", "-y", "spillway")
        self.assertEqual(self.machine.show("spillway", "ActiveState"), "inactive")
        self.assertTrue(self.machine.run("cat", "/var/log/spillway/spillway.log"))
        # What was put there by hand is the hand's to take away.
        self.machine.run("rm", "-r", "/etc/spillway/server.crt", "/etc/spillway/server.key",
                         "/etc/systemd/system/spillway.service.d")
        self.machine.run("apt-get", "-q", "purge", "-y", "spillway")
        left = {file for file in files(self.machine) - before if "spillway" in file}
        self.assertEqual(left, set())
        self.machine.run("systemctl", "daemon-reload")
        self.assertEqual(self.machine.show("spillway", "LoadState"), "not-found")

    def test_logrotate_and_the_daemon_go_on_in_a_new_file(self):
        self.install(self.package, "logrotate")
        self.configure("/var/log/spillway/spillway.log")
        self.start()
        self.machine.run("logrotate", "--force", "/etc/logrotate.d/spillway")
        log, rotated = (f"/var/log/spillway/spillway.log{end}" for end in ("", ".1"))
        wait_until("the new file", lambda: self.machine.attempt("test", "-e", log)[0] == 0)
        self.assertIn(" listening ", self.machine.run("cat", rotated))
        was = self.machine.run("cat", rotated)
        self.session().close()
        wait_until("a line in it",
                   lambda: "connection_closed" in self.machine.run("cat", log))
        self.assertEqual(self.machine.run("cat", rotated), was)
        # A second time: the first one is compressed, and nothing complains.
        self.machine.run("logrotate", "--force", "/etc/logrotate.d/spillway")
        self.assertIn(" listening ", self.machine.run("zcat", f"{log}.2.gz"))
        # Nor when the service is stopped.
        self.machine.run("systemctl", "stop", "spillway")
        self.assertEqual(self.machine.run("logrotate", "--force", "/etc/logrotate.d/spillway"), "")


def load_tests(loader: unittest.TestLoader, _tests: object, _pattern: object) -> unittest.TestSuite:
    return unittest.TestSuite([loader.loadTestsFromTestCase(PackageTest),
                               for_each_suite(DevelopmentTest, LifeTest)])


if __name__ == "__main__":
    main()
