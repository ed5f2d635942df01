"""A thread of another process that stands still, as one does that is stuck."""

import ctypes
import os
from types import TracebackType
from typing import Optional, Type

_SEIZE, _INTERRUPT, _DETACH = 0x4206, 0x4207, 17
_ALL_KINDS_OF_CHILDREN = 0x40000000  # __WALL
_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_LIBC.ptrace.restype = ctypes.c_long


class HeldThread:
    """Holds the thread while the context lasts, and none of its process's others."""

    def __init__(self, thread: int) -> None:
        self.thread = thread

    def __enter__(self) -> "HeldThread":
        self._ask(_SEIZE)
        self._ask(_INTERRUPT)
        os.waitpid(self.thread, _ALL_KINDS_OF_CHILDREN)
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self._ask(_DETACH)

    def _ask(self, request: int) -> None:
        if _LIBC.ptrace(request, self.thread, None, None) == -1:
            number = ctypes.get_errno()
            raise OSError(number, f"ptrace: {os.strerror(number)}")
