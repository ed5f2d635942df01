"""The base of the tests that run containers: an engine, and containers that do not outlive the test."""

import os
import shutil
import ssl
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Optional, Tuple

from engine import Container, Engine
from images import SPILLWAY

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
# pylint: disable=wrong-import-position
from harness import PATIENCE, Identity, TlsPeer, wait_until  # noqa: E402
from harness.sockets import connect  # noqa: E402

# As strict as an operator can be: what works so works with less.
HARDENED = ("--read-only", "--read-only-tmpfs=false", "--cap-drop=ALL",
            "--security-opt=no-new-privileges", "--memory=64m", "--pids-limit=64")


class ContainerTest(unittest.TestCase):
    ADMIN = """\
admin: {listen: "127.0.0.1:9464"}
shutdown: {drain_timeout: 45s}
"""
    ECHO = """\
routes:
  - name: echo
    listen: 0.0.0.0:8443
    tls: {self_signed: true}
    echo: true
"""
    ECHO_TOO = """\
  - name: echo-too
    listen: 0.0.0.0:8444
    tls: {self_signed: true}
    echo: true
"""

    def setUp(self) -> None:
        self.engine = Engine(Path(os.environ["SPILLWAY_ENGINE"]))
        folder = tempfile.TemporaryDirectory(prefix="spillway-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.config_folder = self.folder / "etc"
        self.config_folder.mkdir()
        self.folder.chmod(0o755)  # the container's user has to get in

    def start(self, *options: object, config: Optional[str] = None,
              is_served: bool = True) -> Container:
        """With no more rights than it needs, and its port 8443 published."""
        mounted = []
        if config is not None:
            self.write_config(config)
            mounted = ["-v", f"{self.config_folder}:/etc/spillway:ro"]
        container = self.engine.start(SPILLWAY, *HARDENED, "-p", "127.0.0.1::8443", *mounted,
                                      *options)
        self.addCleanup(container.remove)
        if is_served:
            self.await_log(container, "listening")
        return container

    def write_config(self, text: str) -> None:
        """As an editor does: a new file in the place of the old."""
        new = self.config_folder / ".spillway.yaml.new"
        new.write_text(text, encoding="utf-8")
        new.rename(self.config_folder / "spillway.yaml")

    def make_certificate(self) -> Path:
        """For localhost, beside the configuration, its key for the container's user to read."""
        identity = Identity(self.config_folder)
        identity.key.chmod(0o644)
        return Path(shutil.copy(identity.certificate, self.folder / "bundle.crt"))

    def await_log(self, container: Container, words: str) -> str:
        def said() -> str:
            log = container.log()
            if words not in log and container.has_ended:
                raise AssertionError(f"it ended without \"{words}\":\n{log}")
            return log if words in log else ""
        return wait_until(f"\"{words}\" in the log", said)

    def await_unhealthy(self, container: Container) -> None:
        """As many checks as Docker wants before it believes it."""
        wait_until("ill health", lambda: container.check_health() != 0
                   and container.health == "unhealthy")

    def connect_tls(self, address: Tuple[str, int]) -> TlsPeer:
        """To who signs for himself."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        sock = connect(address)
        self.addCleanup(sock.close)
        return TlsPeer(sock, context, server_hostname="localhost")

    def assert_echoes(self, client: TlsPeer) -> None:
        client.send(b"hello")
        self.assertEqual(client.receive_exactly(5), b"hello")
