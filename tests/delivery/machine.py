"""A system that was booted for a test: a real systemd as process 1, a network of its own, and every
change gone at its end."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Callable, Optional, Sequence, Tuple, Type, TypeVar

from root import ENVIRONMENT, DebianRoot, require_root_user

LIBC = ctypes.CDLL(None, use_errno=True)

# The bound of every wait. No test passes by reaching it.
PATIENCE = 60.0

Answer = TypeVar("Answer")


def wait_until(what: str, condition: Callable[[], Answer], patience: float = PATIENCE) -> Answer:
    """The first true answer of a condition that nothing announces: it is asked again and again."""
    deadline = time.monotonic() + patience
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(0.05)
    return answer


class Machine:
    """with Machine(DebianRoot()) as machine: machine.run("systemctl", "start", "spillway")

    Nothing leads into its network but `run`, `start`, `connect` and what they do. `shared` is a folder of the test
    that it sees, read-only, at /mnt/test. `options` of systemd-nspawn in place of these: without
    --private-network the machine has the network of the one that it runs on.
    """

    def __init__(self, root: DebianRoot, shared: Optional[Path] = None,
                 options: Sequence[str] = ("--private-network",)) -> None:
        require_root_user()
        self._root = root
        self._shared = shared
        self._options = options
        self._folder: Optional[Path] = None
        self._nspawn: Optional[subprocess.Popen] = None
        self._leader = 0

    def __enter__(self) -> "Machine":
        self._folder = Path(tempfile.mkdtemp(prefix="spillway-machine-"))
        try:
            self._boot()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self._end()

    @property
    def leader(self) -> int:
        """Its process 1, as this machine counts; /proc/LEADER/root is its file system."""
        return self._leader

    def path(self, inside: str) -> Path:
        """A file of the running machine, to read and write from outside. Links that are absolute lead
        astray: `run("cat", ...)` follows them right."""
        return Path(f"/proc/{self._leader}/root") / inside.lstrip("/")

    def attempt(self, *command: object, input_text: str = "",
                patience: float = PATIENCE) -> Tuple[int, str]:
        """Its exit code, and what it wrote, errors included."""
        finished = subprocess.run(self._inside(command), input=input_text.encode(),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env=ENVIRONMENT, timeout=patience, check=False)
        return finished.returncode, finished.stdout.decode(errors="replace")

    def run(self, *command: object, expected_code: int = 0, input_text: str = "",
            patience: float = PATIENCE) -> str:
        code, text = self.attempt(*command, input_text=input_text, patience=patience)
        if code != expected_code:
            words = " ".join(str(word) for word in command)
            raise AssertionError(f"{words}\nended with {code} in the machine:\n{text[-8000:]}")
        return text

    def start(self, *command: object) -> subprocess.Popen:
        """A process in it with pipes, unbuffered, for the test to end (its addCleanup)."""
        return subprocess.Popen(self._inside(command), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT,
                                bufsize=0)

    def connect(self, host: str, port: int) -> socket.socket:
        """To what listens there, from within its network; the socket is this process's own."""
        return self._within(lambda: socket.create_connection((host, port), timeout=PATIENCE))

    def listen(self, port: int = 0) -> socket.socket:
        """On that port of its loopback, or a free one; the socket is this process's own."""
        listener = self._within(lambda: socket.create_server(("127.0.0.1", port)))
        listener.settimeout(PATIENCE)
        return listener

    def _within(self, make: Callable[[], socket.socket]) -> socket.socket:
        # A thread that has moved to another network stays there: it is one for this alone.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._make_within, make).result()

    def _make_within(self, make: Callable[[], socket.socket]) -> socket.socket:
        network = os.open(f"/proc/{self._leader}/ns/net", os.O_RDONLY)
        try:
            if LIBC.setns(network, 0) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(network)
        return make()

    def write(self, inside: str, text: str, mode: int = 0o644) -> None:
        file = self.path(inside)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)

    def journal(self, unit: str) -> str:
        return self.run("journalctl", "--no-pager", "-o", "cat", "-u", unit)

    def show(self, unit: str, name: str) -> str:
        """One property of a unit: show("spillway", "ActiveState")"""
        return self.run("systemctl", "show", "--value", "-p", name, unit).strip()

    def _inside(self, command: Tuple[object, ...]) -> list:
        return ["nsenter", "-t", str(self._leader), "-a", "--",
                *(str(word) for word in command)]

    def _boot(self) -> None:
        nspawn = ["systemd-nspawn", "-q", "-D", str(self._root.folder), "--volatile=overlay",
                  *self._options, "--register=no", "--keep-unit", "--console=pipe", "-b"]
        if self._shared:
            nspawn.insert(1, f"--bind-ro={self._shared}:/mnt/test")
        with open(self._console, "wb") as console:
            self._nspawn = subprocess.Popen(  # pylint: disable=consider-using-with
                # A test that is killed ends nothing: the kernel asks for the power-off then.
                ["setpriv", "--pdeathsig", "TERM", "--", *nspawn],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                env={**ENVIRONMENT, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        self._leader = wait_until("the machine's first process", self._find_leader)
        wait_until("the machine's boot", self._has_booted)

    @property
    def _console(self) -> Path:
        return self._folder / "console.log"

    def _find_leader(self) -> int:
        if self._nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self._nspawn.returncode}:\n"
                                 f"{self._console.read_text(errors='replace')[-4000:]}")
        children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        numbers = [int(word) for word in children.read_text(encoding="ascii").split()]
        # A process that helps with the start comes and goes before; the one that stays is process 1
        # of a namespace of its own.
        return next((number for number in numbers if self._is_first(number)), 0)

    @staticmethod
    def _is_first(number: int) -> bool:
        try:
            status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
            name = Path(f"/proc/{number}/comm").read_text(encoding="ascii").strip()
        except (FileNotFoundError, ProcessLookupError):
            return False
        inner = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
        return len(inner) > 2 and inner[-1] == "1" and name == "systemd"

    def _has_booted(self) -> bool:
        if self._nspawn.poll() is not None:
            raise AssertionError(f"the machine ended while it booted:\n"
                                 f"{self._console.read_text(errors='replace')[-4000:]}")
        _, state = self.attempt("systemctl", "is-system-running", "--wait")
        if state.strip() == "degraded":
            raise AssertionError(f"a unit failed at boot:\n{self.attempt('systemctl', '--failed')[1]}")
        return state.strip() == "running"

    def _end(self) -> None:
        if self._nspawn is not None and self._nspawn.poll() is None:
            self._nspawn.send_signal(signal.SIGTERM)  # an orderly power-off
            try:
                self._nspawn.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._nspawn.kill()
                self._nspawn.wait()
        if self._folder is not None:
            shutil.rmtree(self._folder)
            self._folder = None
