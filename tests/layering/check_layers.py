#!/usr/bin/env python3
"""Checks every #include of lib and daemon against the layer rule of docs/architecture.md.

usage: check_layers.py REPOSITORY_ROOT

Prints each break as FILE:LINE: words and exits 1 if there is one. What is not allowed here is
refused: a new public header or third-party library is added to the tables on purpose, or not at all.
"""

import re
import sys
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# A layer may include itself and what stands to the left of it; layers in one group stand side by
# side, and may include each other in one direction.
LIB_ORDER = [{"base"}, {"transport"}, {"connection"}, {"tls"}]
DAEMON_ORDER = [{"config", "observe"}, {"overflow"}, {"proxy"}, {"server"}, {"main"}]

# Public headers lie in one folder, so that users see no layers. tls/ is its own.
PUBLIC_LAYERS = {
    "base": {"byte_buffer", "bytes", "callback", "clock", "close_reason", "scheduler", "version"},
    "transport": {"address", "connector", "dial", "endpoint", "event_loop", "listener",
                  "listening_socket", "resolver", "socket_options", "transport"},
    "connection": {"connection", "events", "interceptor", "send"},
}

# Third-party headers by prefix, and the places (by prefix of the path) that may name them. The
# longest prefix that matches decides.
THIRD_PARTY = {
    "boost/": ["lib/src/", "daemon/"],
    "boost/system/": ["lib/", "daemon/"],
    "boost/assert/": ["lib/", "daemon/"],
    "boost/throw_exception": ["lib/", "daemon/"],
    "boost/asio": ["lib/src/transport/", "daemon/server/"],
    "boost/asio/ip/": ["lib/src/transport/", "daemon/server/admin/"],
    "boost/asio/local/": ["lib/src/transport/", "daemon/server/admin/"],
    "boost/asio/ssl": [],
    "boost/beast": ["daemon/server/admin/"],
    "boost/json": ["daemon/server/admin/"],
    "prometheus/": ["daemon/server/admin/"],
    "openssl/": ["lib/src/tls/"],
    "yaml-cpp/": ["daemon/config/load.cpp"],
    "CLI/": ["daemon/command_line.cpp"],
    "spdlog/": ["daemon/observe/"],
    "fmt/": ["daemon/observe/"],
}

# A public header may include these and C++'s own (SC-32): the operating system stays inside.
PUBLIC_ALLOWED = ("spillway/", "boost/system/", "boost/assert/", "boost/throw_exception")

# In the library the operating system is the transport's affair; one file more asks the allocator.
SYSTEM_HEADER = re.compile(r"^((sys|netinet|arpa|net|linux|asm|bits)/.*|[a-z_0-9]+\.h)$")
SYSTEM_PLACES = ["lib/src/transport/", "lib/src/tls/record_buffers", "daemon/"]


class Include(NamedTuple):
    file: str  # relative to the root, with forward slashes
    line: int
    quoted: bool
    name: str


class Break(NamedTuple):
    include: Include
    words: str

    def __str__(self) -> str:
        return f"{self.include.file}:{self.include.line}: {self.words}"


def includes(root: Path) -> Iterator[Include]:
    for top in ("lib/include", "lib/src", "daemon"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in {".hpp", ".cpp", ".h"}:
                continue
            for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if match := INCLUDE.match(text):
                    yield Include(path.relative_to(root).as_posix(), number,
                                  match[1] == '"', match[2])


def target(include: Include) -> Optional[str]:
    """The file of this repository that is meant; none for everybody else's headers."""
    if include.name.startswith("spillway/"):
        return f"lib/include/{include.name}"
    if not include.quoted:
        return None
    if include.file.startswith("lib/") and not include.name.startswith(("lib/", "daemon/")):
        return f"lib/src/{include.name}"
    return include.name


def layer(file: str) -> Optional[str]:
    """The layer that a file of this repository belongs to; none if no table knows it."""
    parts = file.split("/")
    if file.startswith("lib/src/") and len(parts) > 3:
        return parts[2] if {parts[2]} in LIB_ORDER else None
    if file.startswith("daemon/"):
        name = parts[1] if len(parts) > 2 else "main"
        return name if any(name in group for group in DAEMON_ORDER) else None
    if file.startswith("lib/include/spillway/tls/"):
        return "tls"
    if file.startswith("lib/include/spillway/"):
        stem = Path(file).stem
        return next((name for name, stems in PUBLIC_LAYERS.items() if stem in stems), None)
    return None


def rank(order: list, name: str) -> int:
    return next(index for index, group in enumerate(order) if name in group)


def direction_break(include: Include, meant: str) -> Optional[str]:
    source, destination = layer(include.file), layer(meant)
    if source is None:
        return f"{include.file} belongs to no layer that the tables know"
    if include.file.startswith("lib/") and not meant.startswith("lib/"):
        return f"the library includes the daemon (\"{include.name}\")"
    if destination is None:
        return f"\"{include.name}\" belongs to no layer that the tables know"
    if include.file.startswith("daemon/"):
        if meant.startswith("lib/include/"):
            return None
        if meant.startswith("lib/"):
            return f"the daemon includes the library's inside, \"{include.name}\""
        order = DAEMON_ORDER
    else:
        order = LIB_ORDER
    if rank(order, destination) > rank(order, source):
        return f"{source} includes {destination} (\"{include.name}\")"
    return None


def allowed_at(file: str, places: list) -> bool:
    return any(file.startswith(place) for place in places)


def foreign_break(include: Include) -> Optional[str]:
    if include.file.startswith("lib/include/"):
        if "/" in include.name or include.name.endswith(".h"):
            if not include.name.startswith(PUBLIC_ALLOWED):
                return f"a public header names <{include.name}> (SC-32)"
        return None
    if SYSTEM_HEADER.match(include.name):
        if allowed_at(include.file, SYSTEM_PLACES):
            return None
        return f"<{include.name}> belongs into lib/src/transport"
    if "/" not in include.name:
        return None
    known = [prefix for prefix in THIRD_PARTY if include.name.startswith(prefix)]
    if not known:
        return f"no table allows <{include.name}>"
    places = THIRD_PARTY[max(known, key=len)]
    if allowed_at(include.file, places):
        return None
    where = ", ".join(places) if places else "nowhere"
    return f"<{include.name}> is named here; allowed: {where}"


def cycles(edges: dict) -> Iterator[list]:
    """Each circle of the graph once, as the path that closes it."""
    done, path = set(), []

    def visit(node: str) -> Iterator[list]:
        if node in path:
            yield path[path.index(node):] + [node]
            return
        if node in done:
            return
        path.append(node)
        for next_node in edges.get(node, {}):
            yield from visit(next_node)
        path.pop()
        done.add(node)

    for start in list(edges):
        yield from visit(start)


def cycle_breaks(all_includes: list) -> Iterator[Break]:
    """Headers that include each other, and folders side by side that do."""
    files, folders = {}, {}
    for include in all_includes:
        meant = target(include)
        if meant is None:
            continue
        files.setdefault(include.file, {}).setdefault(meant, include)
        source, destination = layer(include.file), layer(meant)
        if source and destination and source != destination:
            if include.file.startswith("daemon/") and meant.startswith("daemon/"):
                folders.setdefault(source, {}).setdefault(destination, include)
    for edges in (files, folders):
        for path in cycles(edges):
            yield Break(edges[path[0]][path[1]], "a circle: " + " -> ".join(path))


def breaks(root: Path) -> list:
    found, all_includes = [], list(includes(root))
    for include in all_includes:
        meant = target(include)
        words = foreign_break(include) if meant is None else direction_break(include, meant)
        if words:
            found.append(Break(include, words))
    return found + list(cycle_breaks(all_includes))


def main(arguments: list) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(arguments[1])
    if not any(includes(root)):
        print(f"{root} has no sources to check", file=sys.stderr)
        return 2
    found = breaks(root)
    for item in found:
        print(item)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
