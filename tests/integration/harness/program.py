"""A running program: its input, its output, its end."""

import signal
import subprocess
from typing import Optional, Sequence

from harness.output import PATIENCE, Output


class Program:
    def __init__(self, *command: object, environment: Optional[dict] = None,
                 pass_fds: Sequence[int] = ()) -> None:
        self.command = [str(word) for word in command]
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment, pass_fds=pass_fds)
        self.output = Output(self._process.stdout)
        self.errors = Output(self._process.stderr)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def write(self, data: bytes) -> None:
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def end_input(self) -> None:
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it ended before it read everything; its exit code tells

    def expect(self, data: bytes) -> None:
        """Waits until `data` was written to standard output."""
        self.output.wait_for(f"{data!r} from {self.command[0]}", lambda seen: data in seen)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def exit_code(self) -> int:
        """Waits for the end; negative: the signal that ended it."""
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired as expired:
            raise AssertionError(f"{self.command} does not end") from expired

    def kill(self) -> None:
        """Ends it whatever it does, and leaves no zombie."""
        if self.is_running:
            self._process.kill()
        self._process.wait()
        self.end_input()
        self.output.to_end()
        self.errors.to_end()
