"""Documents about one key: the key with some value, and what has to stand beside it."""

import copy
from typing import Any, Dict, List, Tuple

ABSENT = object()

# A route with everything that most keys need: files that are there, and messages.
BASE = {"routes": [{
    "name": "feed", "listen": "127.0.0.1:0",
    "tls": {"certificates": [{"cert": "localhost.crt", "key": "localhost.key"}]},
    "upstream": {"servers": "localhost:1"},
    "framing": "line"}]}

# What a key needs beyond that, by how its path starts; all that fit count.
BESIDE: Dict[str, List[Tuple[str, Any]]] = {
    "routes[].echo": [("routes[].upstream", ABSENT)],
    "routes[].tls.self_signed": [("routes[].tls.certificates", ABSENT)],
    "routes[].framing.": [("routes[].framing", {}), ("routes[].max_message", "1GiB")],
    "routes[].overflow.max_age": [("routes[].overflow.policy", "drop_oldest")],
    "routes[].overflow.to_client.max_age": [("routes[].overflow.to_client.policy", "drop_oldest")],
    "routes[].overflow.to_upstream.max_age": [
        ("routes[].overflow.to_upstream.policy", "drop_oldest")],
}

# Where these say no, something else has to say yes: what they exclude.
EXCLUDING = {"routes[].echo", "routes[].tls.self_signed"}

# Some that are right and some that are wrong, for keys that take more than a range or a word.
SAMPLES: Dict[str, Tuple[list, list]] = {
    "routes[].name": (["feed", "A.b_c-9"], ["a b", "a/b", {}]),
    "routes[].listen": (
        ["127.0.0.1:0", "[::1]:7", "[fe80::1%eth0]:7", "unix:feed.sock", "localhost:65535",
         "systemd:feed", "systemd:feed.socket_7", "systemd:" + "x" * 255,
         ["127.0.0.1:1", "[::1]:1", "unix:feed.sock", "systemd:feed"]],
        ["127.0.0.1", "::1:7", "[::1]", "http://localhost:7", ":7", "unix:", "localhost:", "",
         "systemd:", "systemd:a b", "systemd:a:b", "systemd:" + "x" * 256, [], {}, [[]]]),
    "routes[].upstream.servers": (
        ["127.0.0.1:1", "[::1]:7", "unix:feed.sock", "unix:feed:0", "localhost:65535",
         ["127.0.0.1:1", "[::1]:1", "unix:feed.sock"]],
        ["127.0.0.1", "127.0.0.1:0", "[::1]:0", ["127.0.0.1:1", "127.0.0.1:0"], "unix:",
         "systemd:feed", [], {}]),
    "routes[].tls.certificates": (
        [[{"cert": "localhost.crt", "key": "localhost.key"}], [{"cert": "both.pem"}]],
        [[], {}, "localhost.crt", [{}], [{"key": "localhost.key"}]]),
    "routes[].tls.certificates[].cert": (["localhost.crt"], [{}, [], ""]),
    "routes[].tls.certificates[].key": (["localhost.key"], [{}, [], ""]),
    "routes[].upstream.tls.ca": (["localhost.crt"], [{}, [], ""]),
    "routes[].upstream.tls.server_name": (
        ["localhost", "127.0.0.1", "::1"], ["localhost:1", "*.localhost", "", {}, []]),
    "routes[].framing": (["none", "line", {"fixed": 1}],
                         ["lines", {}, [], {"fixed": 1, "delimiter": ";"}]),
    "routes[].framing.delimiter": (["\r\n", ";"], [{}, []]),
    "routes[].overflow": ([{}, {"policy": "pause"}, {"to_client": {}, "to_upstream": {}}],
                          ["pause", [], {"policy": "pause", "to_client": {}}]),
    "admin.listen": (
        ["127.0.0.1:0", "127.0.0.1:9464", "[::1]:9464", "unix:admin.sock", "0.0.0.0:9464"],
        ["127.0.0.1", "9464", "unix:", "systemd:feed", "", [], {}, ["127.0.0.1:9464"]]),
    "log.target": (["stderr", "stdout", "journald", "./spillway.log"], ["", {}, []]),
}


def document_with(path: str, value: Any) -> dict:
    document = copy.deepcopy(BASE)
    for start, settings in BESIDE.items():
        if path.startswith(start) and not (path in EXCLUDING and value is False):
            for beside, needed in settings:
                put(document, beside, needed)
    if path.startswith("routes[].upstream.servers"):
        put(document, "routes[].upstream.tls", {"server_name": "localhost"})
    put(document, path, value)
    return document


def put(document: dict, path: str, value: Any) -> None:
    """Makes the maps on the way to the key; of a list, the first item is meant."""
    *way, last = path.replace("[]", ".[]").split(".")
    for step in way:
        document = document[0] if step == "[]" else document.setdefault(step, {})
    if value is ABSENT:
        del document[last]
    else:
        document[last] = copy.deepcopy(value)
