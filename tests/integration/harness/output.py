"""What a program writes, and waiting for it."""

import threading
import time
from typing import BinaryIO, Callable, TypeVar

# The bound of every wait. No test passes by reaching it, so it may be long enough for a program
# under a sanitizer on a busy machine.
PATIENCE = 60.0

Answer = TypeVar("Answer")


def wait_until(what: str, condition: Callable[[], Answer]) -> Answer:
    """The first true answer of a condition that nothing announces: it is asked again and again."""
    deadline = time.monotonic() + PATIENCE
    while True:
        if answer := condition():
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}")
        time.sleep(0.01)


class Output:
    """Collects a stream on a thread of its own, so that its writer never blocks."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._data = b""
        self._ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    @property
    def data(self) -> bytes:
        with self._changed:
            return self._data

    def wait_for(self, what: str, condition: Callable[[bytes], Answer]) -> Answer:
        """The first true answer of `condition` to everything written so far."""
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while True:
                if answer := condition(self._data):
                    return answer
                if self._ended or not self._changed.wait(deadline - time.monotonic()):
                    end = "the stream ended" if self._ended else f"{PATIENCE:.0f} s went by"
                    raise AssertionError(f"no {what}: {end}; all there is:\n{self._tail()}")

    def to_end(self) -> bytes:
        """Everything, once the writer has closed the stream."""
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            raise AssertionError(f"the stream did not end; so far:\n{self._tail()}")
        return self._data

    def _collect(self) -> None:
        while chunk := self._stream.read1(65536):
            with self._changed:
                self._data += chunk
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._stream.close()

    def _tail(self) -> str:
        return self._data[-8000:].decode(errors="replace")
