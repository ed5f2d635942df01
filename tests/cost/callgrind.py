"""Reads what callgrind counted."""

import re
from pathlib import Path
from typing import Dict, NamedTuple

_NAME = re.compile(r"\((\d+)\)(?: (.*))?")
_COST = re.compile(r"[+\-*\d]\S* (\d+)")
ALLOCATING = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc"}


class Profile(NamedTuple):
    own: int  # instructions of one program's own code
    total: int  # of everything in the process
    allocations: int

    @staticmethod
    def read(file: Path, program: str) -> "Profile":
        reader = _Reader(program)
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                reader.take(line.rstrip("\n"))
        return Profile(reader.own, reader.total, reader.allocations)


class _Reader:
    def __init__(self, program: str) -> None:
        self.own = self.total = self.allocations = 0
        self._program = program
        self._names: Dict[str, Dict[str, str]] = {"ob": {}, "fn": {}}
        self._is_own = False
        self._callee = ""
        self._in_call = False  # the next line's cost is the callee's, which is counted there

    def take(self, line: str) -> None:
        key, is_assignment, value = line.partition("=")
        if is_assignment:
            return self._assign(key, value)
        if cost := _COST.match(line):
            self._count(int(cost[1]))
        return None

    def _assign(self, key: str, value: str) -> None:
        if key == "ob":
            self._is_own = Path(self._name("ob", value)).name == self._program
        elif key == "cob":
            self._name("ob", value)
        elif key == "fn":
            self._name("fn", value)
        elif key == "cfn":
            self._callee = self._name("fn", value)
        elif key == "calls":
            self._in_call = True
            if self._callee.split("'")[0] in ALLOCATING:
                self.allocations += int(value.split()[0])

    def _count(self, cost: int) -> None:
        if self._in_call:
            self._in_call = False
            return
        self.total += cost
        if self._is_own:
            self.own += cost

    def _name(self, kind: str, value: str) -> str:
        """Names are written out once, and are numbers from then on."""
        match = _NAME.fullmatch(value)
        if match is None:
            return value
        if match[2] is not None:
            self._names[kind][match[1]] = match[2]
        return self._names[kind].get(match[1], "")
