"""The base of the tests of the service: a machine for all of them with the package installed, a configuration
and drop-ins for each, and nothing left running."""

import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import List

from installed import CONFIGURATION, install, only, packages_for
from machine import Machine, wait_until
from root import REPOSITORY, DebianRoot

sys.path.insert(0, str(REPOSITORY / "tests/integration"))

from harness import Identity, end_of_stream, receive_exactly  # noqa: E402

DROP_IN = "/run/systemd/system/spillway.service.d/test.conf"
SOCKET_DROP_IN = "/run/systemd/system/spillway.socket.d/test.conf"

HEAD = """\
threads: 2
admin: {listen: "unix:/run/spillway/admin.sock"}
shutdown: {drain_timeout: 30s}
routes:
"""
HERE = ("127.0.0.1", 7007)


class ServiceTest(unittest.TestCase):
    maxDiff = None
    suite = ""
    machine: Machine

    @classmethod
    def setUpClass(cls) -> None:
        package = only(packages_for(cls.suite), "spillway_*.deb")
        root = DebianRoot(suite=cls.suite)
        root.fetch_dependencies_of(package)
        cls.machine = cls.enterClassContext(Machine(root, shared=package.parent))
        install(cls.machine, f"/mnt/test/{package.name}")
        cls.machine.write("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")

    def setUp(self) -> None:
        shown = self.machine.run("journalctl", "--no-pager", "-n", "0", "--show-cursor")
        self._before = shown.partition("cursor: ")[2].strip()

    def tearDown(self) -> None:
        """Back to what was installed, with nothing running."""
        for unit in ("spillway.socket", "spillway.service"):
            self.machine.attempt("systemctl", "kill", "-s", "KILL", unit)
            self.machine.attempt("systemctl", "stop", unit)
        self.machine.run("rm", "-rf", *(str(Path(file).parent)
                                        for file in (DROP_IN, SOCKET_DROP_IN)))
        self.machine.run("systemctl", "daemon-reload")
        self.machine.attempt("systemctl", "reset-failed")

    def configure(self, *routes: str, head: str = HEAD) -> None:
        self.machine.write(CONFIGURATION, head + "".join(routes))

    def drop_in(self, text: str, file: str = DROP_IN) -> None:
        self.machine.write(file, text)
        self.machine.run("systemctl", "daemon-reload")

    def systemctl(self, *words: str, expected_code: int = 0) -> str:
        return self.machine.run("systemctl", *words, expected_code=expected_code)

    def shown(self, name: str) -> str:
        return self.machine.show("spillway.service", name)

    def lines(self, *options: str) -> List[str]:
        """What the journal has of the service since the test began."""
        return self.machine.run("journalctl", "--no-pager", "-q", "-o", "cat", "-u",
                                "spillway.service", "--after-cursor", self._before,
                                *options).splitlines()

    def wait_for_line(self, *words: str) -> str:
        """The first line of the journal with all of the words."""
        return wait_until(f"a line with {words}", lambda: next(
            (line for line in self.lines() if all(word in line for word in words)), ""))

    def wait_for_status(self, words: str) -> None:
        wait_until(f"the status \"{words}\"", lambda: words in self.shown("StatusText"))

    def connect(self, address=HERE) -> socket.socket:
        client = self.machine.connect(*address)
        self.addCleanup(client.close)
        return client

    def assert_echoes(self, client: socket.socket) -> None:
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")

    def start_session(self, address=HERE) -> socket.socket:
        client = self.connect(address)
        self.assert_echoes(client)
        return client

    def end_session(self, client: socket.socket) -> None:
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(end_of_stream(client), "clean")

    def write_identity(self, folder: str) -> ssl.SSLContext:
        """With a key that is root's alone, as root makes it. Gives back what trusts it."""
        with tempfile.TemporaryDirectory(prefix="spillway-") as here:
            identity = Identity(Path(here))
            for file, mode in ((identity.certificate, 0o644), (identity.key, 0o600)):
                self.machine.write(f"{folder}/{file.name}", file.read_text(), mode)
            return identity.client_context()

    def let_the_service_read_the_key(self) -> None:
        self.machine.run("chgrp", "spillway-keys", "/etc/spillway/localhost.key")
        self.machine.run("chmod", "640", "/etc/spillway/localhost.key")

    @staticmethod
    def end_process(process: subprocess.Popen) -> None:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
