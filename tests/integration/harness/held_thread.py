"""A thread of another process that stands still, as one does that is stuck."""

import contextlib
import ctypes
import os
import re
from types import TracebackType
from typing import Dict, List, Optional, Type

from harness.daemon import Daemon
from harness.output import wait_until

_SEIZE, _INTERRUPT, _DETACH = 0x4206, 0x4207, 17
_ALL_KINDS_OF_CHILDREN = 0x40000000  # __WALL
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_LIBC.ptrace.restype = ctypes.c_long


class HeldThread:
    """Holds the thread while the context lasts, or its process, and none of the others there."""

    def __init__(self, thread: int) -> None:
        self.thread = thread

    def __enter__(self) -> "HeldThread":
        self._ask(_SEIZE)
        self._ask(_INTERRUPT)
        os.waitpid(self.thread, _ALL_KINDS_OF_CHILDREN)
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended
            self._ask(_DETACH)

    def wait_for_end(self) -> None:
        """Until its process has ended: who holds a thread is told of its end before anybody is told
        of the process's."""
        wait_until("the end of what is held", lambda: os.waitpid(
            self.thread, os.WNOHANG | _ALL_KINDS_OF_CHILDREN)[0])

    def _ask(self, request: int) -> None:
        if _LIBC.ptrace(request, self.thread, None, None) == -1:
            number = ctypes.get_errno()
            raise OSError(number, f"ptrace: {os.strerror(number)}")


def event_loops(daemon: Daemon) -> List[int]:
    """The threads without which it is not healthy, by the number of the loop. The daemon has an admin
    address."""
    admin = daemon.admin()
    loops: Dict[int, int] = {}
    for thread in map(int, os.listdir(f"/proc/{daemon.pid}/task")):
        if thread == daemon.pid:
            continue  # it is the one that answers
        with HeldThread(thread):
            answer = admin.ask("/healthz")
        if found := re.match(r"event loop (\d+) does not answer", answer.text):
            loops[int(found[1])] = thread
        # Held at once again, it might still be busy with what it was asked meanwhile, and have a lock
        # that others need.
        wait_until("the thread to have caught up", lambda: admin.ask("/healthz").status == 200)
    admin.close()
    return [thread for _, thread in sorted(loops.items())]
