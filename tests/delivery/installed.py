"""The base of the tests of the installed package: it, a newer one, and a machine for each test that
begins as the distribution's installer leaves it.

SPILLWAY_SUITES="trixie" names the distribution's releases to take, of which others than this machine's have
their packages from ./dev delivery fresh.
"""

import os
import re
import shutil
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Set, Type

from machine import Machine, wait_until
from root import KEPT, REPOSITORY, DebianRoot, machine_codename, run

PACKAGES = REPOSITORY / "build/package"
SUITES = os.environ.get("SPILLWAY_SUITES", machine_codename()).split()
CONFIGURATION = "/etc/spillway/spillway.yaml"

# Of TLS on loopback, to an echo of its own: nothing else is needed in the machine.
ROUTES = """\
log: {target: TARGET}
shutdown: {drain_timeout: 20s}
routes:
  - name: server
    listen: LISTEN
    tls:
      certificates:
        - {cert: "${CREDENTIALS_DIRECTORY}/server.crt", key: "${CREDENTIALS_DIRECTORY}/server.key"}
    echo: true
"""

CREDENTIALS = """\
[Service]
LoadCredential=server.crt:/etc/spillway/server.crt
LoadCredential=server.key:/etc/spillway/server.key
"""


def packages_for(suite: str) -> Path:
    return PACKAGES if suite == machine_codename() else KEPT / f"{suite}-package"


def keep_packages(made: Path, suite: str) -> None:
    """For tests on another machine than one of that release."""
    kept = KEPT / f"{suite}-package"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(made, kept)


def for_each_suite(*tests: Type[unittest.TestCase]) -> unittest.TestSuite:
    """Each of them with `suite` set, and the release in its name."""
    return unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(
            type(f"{test.__name__}_{suite}", (test,), {"suite": suite}))
        for suite in SUITES for test in tests)


def only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise AssertionError(f"{len(found)} files for {folder}/{pattern}: run ./dev package, or for another "
                             f"release than this machine's ./dev delivery fresh")
    return found[0]


def with_version(package: Path, version: str, folder: Path) -> Path:
    """The same package as a newer one: what differs is what dpkg goes by."""
    tree = folder / "tree"
    run("dpkg-deb", "-R", package, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control.read_text()))
    newer = folder / f"spillway_{version}_{package.stem.rpartition('_')[2]}.deb"
    run("dpkg-deb", "--root-owner-group", "-b", tree, newer)
    return newer


def install(machine: Machine, *packages: str) -> str:
    return machine.run("apt-get", "-q", "-o", "Dpkg::Use-Pty=0", "install", "-y",
                       "--no-install-recommends", *packages, patience=300)


def files(machine: Machine) -> Set[str]:
    """All but what apt and the journal keep for themselves."""
    return set(machine.run(
        "find", "/", "-xdev", "(", "-path", "/var/lib/dpkg", "-o", "-path", "/var/cache", "-o",
        "-path", "/var/log/apt", "-o", "-path", "/var/lib/apt", "-o", "-path", "/tmp", "-o",
        "-path", "/var/log/journal", ")", "-prune", "-o", "-print").splitlines())


class InstalledTest(unittest.TestCase):
    suite = ""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="spillway-package-")
        cls.addClassCleanup(folder.cleanup)
        cls.shared = Path(folder.name)
        package = only(packages_for(cls.suite), "spillway_*.deb")
        version = run("dpkg-deb", "-f", package, "Version").strip()
        cls.newer_version = f"{version}+next"
        newer = with_version(package, cls.newer_version, cls.shared)
        (cls.shared / package.name).write_bytes(package.read_bytes())
        cls.package, cls.newer = f"/mnt/test/{package.name}", f"/mnt/test/{newer.name}"
        cls.root = DebianRoot(suite=cls.suite)
        cls.root.fetch_dependencies_of(package)
        cls.root.fetch("man-db", "logrotate", "openssl", "sudo")

    def setUp(self):
        self.machine = Machine(self.root, self.shared)
        self.addCleanup(self.machine.__exit__, None, None, None)
        self.machine.__enter__()

    def install(self, *packages: str) -> str:
        return install(self.machine, *packages)

    def configure(self, target: str = "stderr", listen: str = "127.0.0.1:7443") -> None:
        self.install("openssl")
        self.machine.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                         "-addext", "subjectAltName=DNS:localhost",
                         "-keyout", "/etc/spillway/server.key", "-out", "/etc/spillway/server.crt")
        self.machine.write(CONFIGURATION, ROUTES.replace("TARGET", target)
                           .replace("LISTEN", listen))
        self.machine.write("/etc/systemd/system/spillway.service.d/credentials.conf", CREDENTIALS)
        self.machine.run("systemctl", "daemon-reload")

    def start(self) -> None:
        code, said = self.machine.attempt("systemctl", "start", "spillway", patience=120)
        self.assertEqual(code, 0, f"{said}\n{self.machine.journal('spillway')}")
        wait_until("the service", self.is_served)

    def is_served(self) -> bool:
        try:
            self.session().close()
        except ConnectionRefusedError:
            return False
        return True

    def session(self) -> ssl.SSLSocket:
        """A client in the middle of its session, who has verified the certificate."""
        client = self.trusting().wrap_socket(self.machine.connect("127.0.0.1", 7443),
                                             server_hostname="localhost")
        self.addCleanup(client.close)
        self.assert_echoed(client)
        return client

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(
            cadata=self.machine.run("cat", "/etc/spillway/server.crt"))

    def assert_echoed(self, client: ssl.SSLSocket) -> None:
        client.sendall(b"hello")
        self.assertEqual(client.recv(5), b"hello")

    def start_upgrade(self) -> subprocess.Popen:
        upgrade = self.machine.start("apt-get", "-q", "-o", "Dpkg::Use-Pty=0", "install", "-y",
                                     "--no-install-recommends", self.newer)
        self.addCleanup(self.end, upgrade)
        return upgrade

    def finish(self, upgrade: subprocess.Popen) -> None:
        said = upgrade.communicate(timeout=120)[0].decode(errors="replace")
        self.assertEqual(upgrade.returncode, 0, said)

    def drains(self) -> bool:
        return self.machine.show("spillway", "ActiveState") == "deactivating"

    @staticmethod
    def end(process: subprocess.Popen) -> None:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
