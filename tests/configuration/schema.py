"""A JSON Schema: what it says of a document, and which keys it knows. Of draft 2020-12 there is
what the configuration's schema uses; a keyword beyond that is an error, and never passed over."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List

from units import in_units

Node = Dict[str, Any]

SILENT = {"$schema", "$comment", "$defs", "title", "description", "default", "patternErrorMessage"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def _method(word: str) -> str:
    """Of Schema, for a rule of a schema: "x-minimum" is _x_minimum(), "anyOf" is _any_of()."""
    return "_" + re.sub(r"([A-Z])", r"_\1", word.replace("-", "_").lstrip("$")).lower()


@dataclass(frozen=True)
class Key:
    path: str   # "routes[].tls.min_version"
    node: Node  # with what it refers to filled in
    is_required: bool


class Schema:
    def __init__(self, file: Path, *, knows_units: bool = True) -> None:
        """An editor does not know units: it passes over how much a text may stand for."""
        self.root: Node = json.loads(file.read_text())
        self._silent = SILENT if knows_units else SILENT | {"x-minimum", "x-maximum"}

    def resolved(self, node: Node) -> Node:
        """With `$ref` replaced by what it refers to; what stands beside it has precedence."""
        if "$ref" not in node:
            return node
        target = self.root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        beside = {word: value for word, value in node.items() if word != "$ref"}
        return {**self.resolved(target), **beside}

    def alternatives(self, node: Node) -> List[Node]:
        """What `anyOf` has, or the node itself; without text from the environment."""
        node = self.resolved(node)
        if "anyOf" not in node:
            return [node]
        beside = {word: value for word, value in node.items() if word.startswith("x-")}
        return [{**beside, **found} for each in node["anyOf"]
                if each != {"$ref": "#/$defs/environment"} for found in self.alternatives(each)]

    def keys(self) -> Iterator[Key]:
        return self._keys_below("", self.root)

    def sections(self) -> Dict[str, List[Node]]:
        """Each path at which there is a map, with the maps that there may be."""
        found = {"": [self.root]}
        for key in self.keys():
            for path, node in self._with_items(key.path, key.node):
                if "properties" in node:
                    found.setdefault(path, []).append(node)
        return found

    def faults(self, value: Any, node: Any = None, path: str = "") -> List[str]:
        node = self.root if node is None else node
        result = []
        for word, operand in node.items():
            if word in self._silent:
                continue
            rule = getattr(self, _method(word), None)
            assert rule, f"this validator does not know {word}"
            result += rule(value, operand, node, path)
        return result

    # --- walking --------------------------------------------------------------------------------

    def _with_items(self, path: str, node: Node) -> Iterator[tuple]:
        for each in self.alternatives(node):
            yield path, each
            if "items" in each:
                yield from self._with_items(path + "[]", each["items"])

    def _keys_below(self, prefix: str, node: Node) -> Iterator[Key]:
        for path, each in self._with_items(prefix, node):
            for name, below in each.get("properties", {}).items():
                key = Key(f"{path}.{name}".lstrip("."), self.resolved(below),
                          name in each.get("required", ()))
                yield key
                yield from self._keys_below(key.path, below)

    # --- rules: what is wrong with the value at `path`, a part of a document -------------------

    def _ref(self, value: Any, operand: str, _: Node, path: str) -> List[str]:
        return self.faults(value, self.resolved({"$ref": operand}), path)

    def _type(self, value: Any, operand: Any, _: Node, path: str) -> List[str]:
        names = operand if isinstance(operand, list) else [operand]
        fits = any(isinstance(value, TYPES[name])
                   and (name == "boolean" or not isinstance(value, bool)) for name in names)
        return [] if fits else [f"{path}: is not {operand}"]

    def _enum(self, value: Any, operand: list, _: Node, path: str) -> List[str]:
        fits = any(value == one and type(value) is type(one) for one in operand)
        return [] if fits else [f"{path}: is none of {operand}"]

    def _const(self, value: Any, operand: Any, node: Node, path: str) -> List[str]:
        return self._enum(value, [operand], node, path)

    def _pattern(self, value: Any, operand: str, _: Node, path: str) -> List[str]:
        fits = not isinstance(value, str) or re.search(operand, value)
        return [] if fits else [f"{path}: {value} does not match"]

    def _bound(self, value: Any, path: str, is_within: bool) -> List[str]:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        return [f"{path}: {value} is out of bounds"] if is_number and not is_within else []

    def _minimum(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return self._bound(value, path, not isinstance(value, int) or value >= operand)

    def _maximum(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return self._bound(value, path, not isinstance(value, int) or value <= operand)

    def _x_minimum(self, value: Any, operand: str, _: Node, path: str) -> List[str]:
        amount = in_units(value)
        is_less = amount is not None and amount < in_units(operand)
        return [f"{path}: {value} is less than {operand}"] if is_less else []

    def _x_maximum(self, value: Any, operand: str, _: Node, path: str) -> List[str]:
        amount = in_units(value)
        is_more = amount is not None and amount > in_units(operand)
        return [f"{path}: {value} is more than {operand}"] if is_more else []

    def _min_length(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return [f"{path}: too short"] if isinstance(value, str) and len(value) < operand else []

    def _max_length(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return [f"{path}: too long"] if isinstance(value, str) and len(value) > operand else []

    def _min_items(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return [f"{path}: too few"] if isinstance(value, list) and len(value) < operand else []

    def _min_properties(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return [f"{path}: too few"] if isinstance(value, dict) and len(value) < operand else []

    def _max_properties(self, value: Any, operand: int, _: Node, path: str) -> List[str]:
        return [f"{path}: too many"] if isinstance(value, dict) and len(value) > operand else []

    def _items(self, value: Any, operand: Node, _: Node, path: str) -> List[str]:
        items = value if isinstance(value, list) else []
        return [fault for i, item in enumerate(items)
                for fault in self.faults(item, operand, f"{path}[{i}]")]

    def _properties(self, value: Any, operand: Node, _: Node, path: str) -> List[str]:
        entries = value if isinstance(value, dict) else {}
        return [fault for name, below in operand.items() if name in entries
                for fault in self.faults(entries[name], below, f"{path}.{name}")]

    def _additional_properties(self, value: Any, _: bool, node: Node, path: str) -> List[str]:
        names = value if isinstance(value, dict) else ()
        return [f"{path}: {name} is unknown" for name in names if name not in node["properties"]]

    def _required(self, value: Any, operand: list, _: Node, path: str) -> List[str]:
        return [f"{path}: {name} is missing" for name in operand
                if isinstance(value, dict) and name not in value]

    def _any_of(self, value: Any, operand: list, _: Node, path: str) -> List[str]:
        found = [self.faults(value, each, path) for each in operand]
        return [] if [] in found else min(found, key=len)

    def _one_of(self, value: Any, operand: list, _: Node, path: str) -> List[str]:
        count = sum(not self.faults(value, each, path) for each in operand)
        return [] if count == 1 else [f"{path}: {count} instead of one of {operand}"]

    def _not(self, value: Any, operand: Node, _: Node, path: str) -> List[str]:
        return [] if self.faults(value, operand, path) else [f"{path}: is {operand}"]

    def _if(self, value: Any, operand: Node, node: Node, path: str) -> List[str]:
        return [] if self.faults(value, operand, path) else self.faults(value, node["then"], path)

    def _then(self, *_: Any) -> List[str]:
        return []  # goes with `if`
