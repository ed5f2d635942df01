#!/usr/bin/env python3
"""docs/configuration.md has every key of the schema and no other, with its values, bounds and
default; what it shows is accepted. Argument: the repository."""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, Iterator, Set

from loader import Loader, document_of, yaml
from schema import Key, Schema
from tables import quoted, tables

ROOT = Path(sys.argv.pop(1))
SCHEMA = Schema(ROOT / "config/spillway.schema.json")
TEXT = (ROOT / "docs/configuration.md").read_text()

# What both directions have is told once, under `overflow` itself.
OVERFLOW = "routes[].overflow."
ONE_DIRECTION = (OVERFLOW + "to_client.", OVERFLOW + "to_upstream.")


def documented() -> Dict[str, Dict[str, str]]:
    """The rows about keys. Those behind the heading "Routes" are about keys of a route."""
    process, routes = TEXT.split("\n## Routes\n")
    rows = {}
    for prefix, part in (("", process), ("routes[].", routes)):
        for table in tables(part):
            for row in table:
                if "key" in row:
                    rows[prefix + row["key"].strip("`")] = row
    return rows


def is_section(key: Key) -> bool:
    return any("properties" in node for node in SCHEMA.alternatives(key.node))


def bounds_of(node: dict) -> Set[str]:
    """What a key's own row has to say of them."""
    if "x-maximum" in node:
        is_duration = node["x-maximum"].endswith("h")
        return set() if is_duration else {node["x-minimum"], node["x-maximum"]}
    if "maxLength" in node:
        return {"1", str(node["maxLength"])}
    if "boolean" in node.get("type", ()):
        return {"true", "false"}
    is_count = node.get("maximum") == SCHEMA.root["$defs"]["count"]["maximum"]
    return {str(node[word]) for word in ("minimum", "maximum") if word in node and not is_count}


def kind_of(node: dict) -> str:
    """The word for what a key takes."""
    if "x-maximum" in node:
        if not node["x-maximum"].endswith("h"):
            return "size"
        return "duration above 0" if node["x-minimum"] == "1ms" else "duration"
    if "maximum" in node:
        is_count = node["maximum"] == SCHEMA.root["$defs"]["count"]["maximum"]
        return "count" if is_count else "whole number"
    if "properties" in node:
        return "section"
    return {"array": "list"}.get(str(node.get("type")), "")


def keys() -> Iterator[Key]:
    """Those that have a row; a section of the process is told by the keys in it."""
    for key in SCHEMA.keys():
        is_told_by_its_keys = is_section(key) and "[]" not in key.path
        if not key.path.startswith(ONE_DIRECTION) and not is_told_by_its_keys:
            yield key


class Rows(unittest.TestCase):
    def setUp(self) -> None:
        self.rows = documented()

    def test_each_key_has_its_row_and_each_row_its_key(self):
        self.assertEqual(sorted(self.rows), sorted({key.path for key in keys()}))

    def test_both_directions_have_the_same_keys(self):
        below = {prefix: {key.path.removeprefix(prefix): key.node for key in SCHEMA.keys()
                          if key.path.startswith(prefix)} for prefix in ONE_DIRECTION}
        both = {path.removeprefix(OVERFLOW): key.node for key in keys()
                if (path := key.path).startswith(OVERFLOW) and not is_section(key)}
        for of_one in below.values():
            self.assertEqual(of_one, both)

    def test_each_row_has_the_words_and_bounds_that_its_key_takes(self):
        for key in keys():
            with self.subTest(key.path):
                nodes = SCHEMA.alternatives(key.node)
                words = {str(word) for node in nodes for word in node.get("enum", ())}
                bounds = set().union(*(bounds_of(node) for node in nodes))
                cell = re.sub(r"letters,.*", "", self.rows[key.path]["takes"])
                self.assertEqual(set(quoted(cell)), words | bounds)

    def test_each_row_has_the_kind_of_value(self):
        for key in keys():
            with self.subTest(key.path):
                kinds = [kind_of(node) for node in SCHEMA.alternatives(key.node)]
                cell = re.sub(r"`[^`]*`", "", self.rows[key.path]["takes"])
                for kind in kinds:
                    self.assertIn(kind, cell)
                self.assertEqual("above 0" in cell, "duration above 0" in kinds)

    def test_each_row_has_the_default(self):
        policy = SCHEMA.root["$defs"]["direction"]["then"]["properties"]
        for key in keys():
            with self.subTest(key.path):
                cell = self.rows[key.path]["default"]
                self.assertEqual(cell == "required", key.is_required)
                if "default" not in key.node:
                    continue
                default = key.node["default"]
                told = [str(default).lower() if isinstance(default, bool) else str(default)]
                if key.path.startswith(OVERFLOW):
                    told += [policy[name]["default"] for name in policy
                             if key.path.endswith("." + name)]
                self.assertEqual(quoted(cell), told)

    def test_no_default_is_made_up(self):
        for key in keys():
            if "default" not in key.node:
                self.assertIn(quoted(self.rows[key.path]["default"]), ([], ["cert"]), key.path)

    def test_each_key_of_the_process_says_what_a_reload_does(self):
        for path, row in self.rows.items():
            if path != "routes" and "[]" not in path:
                self.assertIn(row["reload"], ("at once", "restart"), path)

    def test_the_units_are_those_of_the_schema(self):
        words = next(table for table in tables(TEXT) if "word below" in table[0])
        told = {row["word below"]: row for row in words}
        definitions = SCHEMA.root["$defs"]
        for word, name in (("duration", "duration"), ("duration above 0", "positive_duration")):
            node = definitions[name]
            self.assertEqual(quoted(told[word]["from, to"]), [node["x-minimum"], node["x-maximum"]])
        count = definitions["count"]
        self.assertEqual(quoted(told["count"]["from, to"]),
                         [str(count["minimum"]), str(count["maximum"])])
        for word, node in (("duration", definitions["duration"]),
                           ("size", definitions["size"]["anyOf"][1])):
            units = [unit for unit in quoted(told[word]["written as"]) if unit != "0"]
            self.assertIn(f"({'|'.join(units)})", node["pattern"])


class Shown(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="spillway-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def make_certificates(self) -> None:
        """Those that are shown, with their keys in the same file; "rsa" has such a key."""
        for kind, options in (("ecdsa", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
                              ("rsa", ["rsa:2048"])):
            pem = self.folder / "made.pem"
            subprocess.run(["openssl", "req", "-x509", "-nodes", "-subj", "/CN=localhost",
                            "-newkey", *options, "-keyout", pem, "-out", pem],
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
            for name in re.findall(r"[\w-]+\.(?:crt|key|pem)\b", TEXT):
                if name.startswith("rsa") == (kind == "rsa"):
                    shutil.copy(pem, self.folder / name)

    def blocks(self) -> Iterator[dict]:
        """What is shown: a whole configuration, sections of one, or a part of a route."""
        file = self.folder / "shown.yaml"
        for text in re.findall(r"^```yaml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE):
            file.write_text(text)
            yield document_of(file)

    @staticmethod
    def is_part_of_a_route(block: dict) -> bool:
        return not set(block) <= set(SCHEMA.root["properties"])

    def whole(self, block: dict) -> dict:
        route = {"name": "shown", "listen": "127.0.0.1:0", "upstream": {"servers": "a:1"}}
        if self.is_part_of_a_route(block):
            return {"routes": [{**route, **block}]}
        return {"routes": [route], **block}

    def test_it_is_accepted(self):
        self.make_certificates()
        variables = {"EXTRA_ADDRESS": "127.0.0.1:7000", "CREDENTIALS_DIRECTORY": str(self.folder)}
        blocks = list(self.blocks())
        self.assertGreater(len(blocks), 5)
        for document in map(self.whole, blocks):
            with self.subTest(yaml(document)):
                answer = Loader(self.folder).check(document, variables)
                self.assertTrue(answer.is_accepted, answer.text)
                self.assertEqual(SCHEMA.faults(document), [])

    def test_each_key_is_in_an_example(self):
        """At its own place: what is shown for one direction is shown for both."""
        shown = {re.sub(r"(?<=\.overflow\.)to_\w+\.", "", path) for block in self.blocks()
                 for path in paths_of(block, "routes[]" if self.is_part_of_a_route(block) else "")}
        self.assertEqual({key.path for key in keys()} - shown, set())


def paths_of(document: Any, path: str = "") -> Iterator[str]:
    """Of each key in it."""
    if isinstance(document, dict):
        for name, value in document.items():
            below = f"{path}.{name}".lstrip(".")
            yield below
            yield from paths_of(value, below)
    elif isinstance(document, list):
        for value in document:
            yield from paths_of(value, path + "[]")


if __name__ == "__main__":
    unittest.main()
