"""A program that is watched, bound to CPUs, and ended whatever happens."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

STOP_PATIENCE = 2.0  # seconds between TERM and KILL
TAIL = 15  # lines of a log that an error shows


class Child:
    """In a process group of its own, which is what it is ended by. What it says goes into `log`."""

    def __init__(self, name: str, command: Sequence[str], cpus: Sequence[int], log: Path) -> None:
        self.name = name
        self._log = log
        bound = ["taskset", "-c", ",".join(map(str, cpus)), *command]
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                bound, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=log.parent, start_new_session=True)

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def pids(self) -> list[int]:
        """Its own, and those of all processes that it has started."""
        found = [self._process.pid]
        for pid in found:
            found.extend(_children(pid))
        return found

    def await_ready(self, ready: Callable[[], bool], patience: float) -> None:
        deadline = time.monotonic() + patience
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} was not ready after {patience:.0f} s{self.tail()}")
            time.sleep(0.01)

    def check(self) -> None:
        """Fails if it has ended."""
        code = self._process.poll()
        if code is not None:
            how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
            raise RuntimeError(f"{self.name} {how}{self.tail()}")

    def tail(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        if not lines:
            return " and said nothing"
        return "; the end of what it said:\n" + "\n".join(f"    {line}" for line in lines[-TAIL:])

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                pass
        self._end_group()
        self._process.wait(STOP_PATIENCE)

    def _end_group(self) -> None:
        """Workers of a master that ended without them."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _children(pid: int) -> list[int]:
    """Of all its threads; none if it is gone."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found.extend(map(int, task.read_text(encoding="ascii").split()))
        except OSError:
            pass
    return found
