"""The base of the integration tests: a folder, and programs that do not outlive the test."""

import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path
from textwrap import dedent, indent
from typing import Optional, Sequence, Tuple

from harness import sockets
from harness.daemon import Daemon
from harness.identity import Identity
from harness.output import PATIENCE
from harness.program import Program
from harness.tls_peer import TlsPeer

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
shutdown: {drain_timeout: 30s}
"""


class SpillwayTest(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="spillway-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self._identity: Optional[Identity] = None

    @property
    def identity(self) -> Identity:
        if self._identity is None:
            self._identity = Identity(self.folder)
        return self._identity

    def write_config(self, routes: str, head: str = HEAD) -> Path:
        file = self.folder / "spillway.yaml"
        file.write_text(dedent(head) + "routes:\n" + indent(dedent(routes), "  "))
        return file

    def start_daemon(self, routes: str, head: str = HEAD, under: Sequence[str] = (),
                     pass_fds: Sequence[int] = ()) -> Daemon:
        daemon = Daemon(self.write_config(routes, head), under, pass_fds)
        self.addCleanup(self._end_daemon, daemon)
        return daemon

    def start(self, *command: object) -> Program:
        program = Program(*command)
        self.addCleanup(program.kill)
        return program

    def connect(self, address: Tuple[str, int]) -> socket.socket:
        sock = sockets.connect(address)
        self.addCleanup(sock.close)
        return sock

    def connect_tls(self, address: Tuple[str, int],
                    context: Optional[ssl.SSLContext] = None) -> TlsPeer:
        return TlsPeer(self.connect(address), context or self.identity.client_context(),
                       server_hostname="localhost")

    def listen(self) -> Tuple[socket.socket, str]:
        """A listener for a route's upstream, and its address as the file wants it."""
        listener = sockets.listen_on_loopback()
        self.addCleanup(listener.close)
        return listener, f"127.0.0.1:{listener.getsockname()[1]}"

    def accept(self, listener: socket.socket) -> socket.socket:
        sock = sockets.accept(listener)
        self.addCleanup(sock.close)
        return sock

    def accept_tls(self, listener: socket.socket,
                   context: Optional[ssl.SSLContext] = None) -> TlsPeer:
        return TlsPeer(self.accept(listener), context or self.identity.server_context(),
                       server_side=True)

    def run_program(self, *command: object, expected_code: int = 0) -> str:
        """Runs it to its end and gives back what it wrote, errors included."""
        finished = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=PATIENCE, check=False)
        text = finished.stdout.decode(errors="replace")
        self.assertEqual(finished.returncode, expected_code, f"{command}:\n{text}")
        return text

    @staticmethod
    def tool(name: str) -> str:
        """A program's path; servers are kept where only root's PATH leads."""
        path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
        assert path, f"{name} is not installed: ./dev setup"
        return path

    @staticmethod
    def _end_daemon(daemon: Daemon) -> None:
        """Drains it if the test left it running, and lets no crash or sanitizer's report go by: it
        ends with 0, or 1 if sessions were ended by force. What the test connected after the start
        is gone by now, since cleanups run backwards, so that nothing holds up the drain."""
        try:
            if daemon.is_running:
                daemon.signal(signal.SIGTERM)
            code = daemon.exit_code()
        finally:
            daemon.kill()
        log = daemon.errors.data.decode(errors="replace")
        assert code in (0, 1), f"the daemon ended with {code}:\n{log[-8000:]}"
