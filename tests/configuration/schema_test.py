#!/usr/bin/env python3
"""config/spillway.schema.json and the daemon know the same keys and take the same values for them.
Argument: the repository."""

import copy
import re
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Iterator, List, Tuple

from documents import BASE, SAMPLES, document_with, put
from harness import Identity
from loader import Loader, document_of
from schema import Key, Schema
from units import in_units, just_above

ROOT = Path(sys.argv.pop(1))
SCHEMA = Schema(ROOT / "config/spillway.schema.json")
EDITOR = Schema(ROOT / "config/spillway.schema.json", knows_units=False)
KEYS = list(SCHEMA.keys())

# Like no key there is, so that all of them are offered instead.
UNKNOWN = "zzzzzzzzzzzz"


def tries(key: Key) -> Iterator[Tuple[Any, bool]]:
    """Values of the key, and whether it takes them: bounds, what is just beyond, other types."""
    right, wrong = SAMPLES.get(key.path, ([], []))
    yield from ((value, True) for value in right)
    yield from ((value, False) for value in wrong)
    nodes = SCHEMA.alternatives(key.node)
    takes_any_text = {"type": "string", "minLength": 1}.items()
    for node in nodes:
        for value, is_right in _tries_of(node):
            if value != "nonsense" or not any(takes_any_text <= each.items() for each in nodes):
                yield value, is_right
    if "default" in key.node:
        yield key.node["default"], True


def _tries_of(node: dict) -> Iterator[Tuple[Any, bool]]:
    if "enum" in node:
        yield from ((word, True) for word in node["enum"])
        yield from ((value, False) for value in ("nonsense", {}, [], ""))
    elif "boolean" in node.get("type", ()):
        yield from ((value, True) for value in (True, False))
        yield from ((value, False) for value in ("yes", "true", 2, {}))
    elif "x-maximum" in node:
        yield node["x-minimum"], True
        yield node["x-maximum"], True
        yield just_above(node["x-maximum"]), False
        yield from ((value, False) for value in ("-1s", "1.5s", "1 KiB", "1kb", "many", "", {}, []))
        if in_units(node["x-minimum"]) > 0:
            yield "0s" if node["x-minimum"].endswith("ms") else "0B", False
    elif "minimum" in node:
        yield from ((node[bound], True) for bound in ("minimum", "maximum"))
        yield from ((value, False) for value in
                    (node["minimum"] - 1, node["maximum"] + 1, 1.5, "many", True, {}, []))
    elif "properties" in node:
        yield from ((value, False) for value in ("text", [], 7, None))
    if "maxLength" in node:
        yield "x" * node["maxLength"], True
        yield "x" * (node["maxLength"] + 1), False
        yield "", False


def keys_of(document: Any, path: str = "") -> Iterator[Tuple[str, str]]:
    """The place of each map in it, as a path, and one of the map's keys."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield path, name
            yield from keys_of(value, f"{path}.{name}".lstrip("."))
    elif isinstance(document, list) and document:
        yield from keys_of(document[0], path + "[]")


def renamed(document: Any, path: str, name: str) -> Any:
    document = copy.deepcopy(document)
    holder = document
    for step in filter(None, path.replace("[]", ".[]").split(".")):
        holder = holder[0] if step == "[]" else holder[step]
    holder[name + "x"] = holder.pop(name)
    return document


class SchemaTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="spillway-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.loader = Loader(self.folder)
        self.identity = Identity(self.folder)
        both = self.identity.certificate.read_text() + self.identity.key.read_text()
        (self.folder / "both.pem").write_text(both)

    def assert_agreed(self, document: Any, is_right: bool, environment: Any = None) -> None:
        answer = self.loader.check(document, environment)
        faults = SCHEMA.faults(document)
        self.assertEqual((answer.is_accepted, not faults), (is_right, is_right),
                         f"(loader, schema) of {document}:\n{answer.text}\n{faults}")


class Keys(SchemaTest):
    def test_the_base_of_all_documents_is_right(self):
        self.assert_agreed(BASE, True)

    def test_each_takes_its_bounds_and_nothing_beyond_them(self):
        for key in KEYS:
            found = list(tries(key))
            self.assertTrue(found or key.path == "routes", f"no value to try for {key.path}")
            for value, is_right in found:
                with self.subTest(key.path, value=value):
                    self.assert_agreed(document_with(key.path, value), is_right)

    def test_an_editor_finds_all_that_is_wrong_but_what_is_too_large(self):
        for key in KEYS:
            too_large = [just_above(node["x-maximum"])
                         for node in SCHEMA.alternatives(key.node) if "x-maximum" in node]
            for value, is_right in tries(key):
                with self.subTest(key.path, value=value):
                    faults = EDITOR.faults(document_with(key.path, value))
                    self.assertEqual(not faults, is_right or value in too_large)

    def test_each_section_takes_the_same_ones(self):
        for path, nodes in SCHEMA.sections().items():
            with self.subTest(path):
                document = document_with(f"{path}.{UNKNOWN}".lstrip("."), 1)
                known = {name for node in nodes for name in node["properties"]}
                self.assertEqual(self.loader.check(document).keys_offered(), known)
                self.assert_agreed(document, False)

    def test_those_that_are_required_are_missed(self):
        for key in filter(lambda key: key.is_required, KEYS):
            with self.subTest(key.path):
                document = document_with(key.path, None)
                path, _, name = key.path.rpartition(".")
                self.assert_agreed(renamed(document, path, name), False)
                self.assertIn(f"`{name}` is missing",
                              self.loader.check(renamed(document, path, name)).text)

    def test_each_value_may_come_from_the_environment(self):
        for key in KEYS:
            if all("properties" in node or "items" in node
                   for node in SCHEMA.alternatives(key.node)):
                continue
            right = [value for value, is_right in tries(key) if is_right]
            text = "true" if any(value is True for value in right) else str(right[0])
            with self.subTest(key.path, value=text):
                self.assert_agreed(document_with(key.path, "${SPILLWAY_TEST}"), True,
                                   {"SPILLWAY_TEST": text})

    def test_those_that_exclude_each_other_are_refused_together(self):
        echo = {"name": "echo", "listen": "127.0.0.1:0", "echo": True}
        servers = {"servers": "localhost:1"}
        for is_right, changes in (
                (True, {}), (False, {"upstream": servers}), (False, {"echo": False}),
                (True, {"echo": False, "upstream": servers}), (False, {"tls": {}}),
                (True, {"tls": {"self_signed": True}}), (False, {"tls": {"self_signed": False}}),
                (False, {"tls": {"self_signed": True, "certificates": [{"cert": "both.pem"}]}}),
                (True, {"tls": {"self_signed": False, "certificates": [{"cert": "both.pem"}]}}),
                (False, {"echo": False, "upstream": {**servers, "tls": {
                    "ca": "both.pem", "insecure_skip_verify": True}}}),
                (False, {"overflow": {"policy": "pause", "to_client": {}}})):
            with self.subTest(str(changes)):
                self.assert_agreed({"routes": [{**echo, **changes}]}, is_right)

    def test_each_is_described(self):
        for key in KEYS:
            self.assertTrue(key.node.get("description"), key.path)


class Files(SchemaTest):
    def take_over(self, text: str) -> Tuple[Path, dict]:
        """As a file in the test's folder with all that it refers to, and its variables."""
        for pem in re.findall(r"[\w.-]+\.(?:crt|pem)\b", text):
            (self.folder / pem).write_text(self.identity.certificate.read_text())
        for pem in re.findall(r"[\w.-]+\.key\b", text):
            (self.folder / pem).write_text(self.identity.key.read_text())
        variables = {name: f"127.0.0.1:{7000 + number}"
                     for number, name in enumerate(re.findall(r"\$\{(\w+)\}", text))}
        file = self.folder / "spillway.yaml"
        file.write_text(text)
        return file, variables

    def assert_agreed_whatever_is_misspelt(self, text: str) -> None:
        file, variables = self.take_over(text)
        self.assertTrue(self.loader.check_file(file, variables).is_accepted)
        document = document_of(file)
        self.assert_agreed(document, True, variables)
        for path, name in keys_of(document):
            self.assert_agreed(renamed(document, path, name), False, variables)

    def test_the_examples(self):
        for file in sorted((ROOT / "config").rglob("*.yaml")):
            with self.subTest(file.name):
                self.assert_agreed_whatever_is_misspelt(file.read_text())

    def test_those_of_the_container_image(self):
        files = sorted((ROOT / "docker").rglob("spillway.yaml"))
        self.assertEqual(len(files), 2)
        for file in files:
            with self.subTest(file):
                self.assert_agreed_whatever_is_misspelt(
                    file.read_text().replace("/certificates/", ""))

    def test_the_configurations_that_documents_show(self):
        for document in ("README.md", "docs/overflow.md"):
            shown = re.findall(r"^```yaml\n(.*?)^```", (ROOT / document).read_text(),
                               re.DOTALL | re.MULTILINE)
            self.assertTrue(shown, document)
            for number, text in enumerate(shown):
                with self.subTest(document, number=number):
                    self.assert_agreed_whatever_is_misspelt(text)

    def test_what_is_commented_out_in_the_installed_one_is_right_and_the_default(self):
        text = (ROOT / "config/spillway.yaml").read_text()
        lines: List[str] = []
        for line in text.splitlines():
            is_setting = re.match(r" *#[^ #]", line)
            lines.append(line.replace("#", "", 1) if is_setting else line)
        file, variables = self.take_over("\n".join(lines))
        self.assertTrue(self.loader.check_file(file, variables).is_accepted)
        document = document_of(file)
        self.assertEqual(SCHEMA.faults(document), [])
        document["routes"].pop()  # the echo is no default
        del document["routes"][0]["upstream"]["tls"]
        defaults = {key.path: key.node["default"] for key in KEYS if "default" in key.node}
        compared = [(defaults[path], value) for path, value in leaves_of(document)
                    if path in defaults]
        self.assertGreater(len(compared), 15)
        for default, value in compared:
            self.assertEqual(value, default)


def leaves_of(document: Any, path: str = "") -> Iterator[Tuple[str, Any]]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves_of(value, f"{path}.{name}".lstrip("."))
    elif isinstance(document, list):
        for value in document:
            yield from leaves_of(value, path + "[]")
    else:
        yield path, document


if __name__ == "__main__":
    unittest.main()
