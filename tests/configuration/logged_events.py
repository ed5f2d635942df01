"""The events that the daemon can log, read from its source: levels and keys of each."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, Set, Tuple

# What begins an event: its level, which may be a parameter, and its name.
BEGINNING = re.compile(r'\b(?:Event(?: \w+)?|describe)\(\s*'
                       r'(?:(?:config::)?LogLevel::(?P<level>\w+)|level),\s*"(?P<name>\w+)"')
ADDED = re.compile(r'\bwith\(\s*"(\w+)"')

# At the margin: a function to its closing brace, and a constant that may hold keys.
FUNCTION = re.compile(r"^(?!namespace|#|//|\}|using|constexpr)\S[^;{}]*\{.*?^\}", re.M | re.S)
CONSTANT = re.compile(r"^constexpr[^;]*;", re.M)
TEXT = re.compile(r'"([a-z]\w*)"')


@dataclass
class LoggedEvent:
    levels: Set[str] = field(default_factory=set)
    keys: Set[str] = field(default_factory=set)


def name_of(definition: str) -> str:
    head = re.split(r"[({=]", definition, maxsplit=1)[0]
    return re.findall(r"\w+", head)[-1]


def start_of_statement(text: str, place: int) -> int:
    return max(text.rfind(end, 0, place) for end in ";{}") + 1


class Source:
    """One file as its definitions, by name."""

    def __init__(self, text: str) -> None:
        self.functions = [found[0] for found in FUNCTION.finditer(text)]
        self.constants = {name_of(found[0]): found[0] for found in CONSTANT.finditer(text)}

    def events(self) -> Iterator[Tuple[str, str, str, Set[str]]]:
        """Name, level or nothing, the function that makes it, and its keys."""
        for function in self.functions:
            begun = list(BEGINNING.finditer(function))
            starts = [start_of_statement(function, each.start()) for each in begun]
            for each, start, end in zip(begun, starts, starts[1:] + [len(function)]):
                yield (each["name"], each["level"], name_of(function),
                       self._keys_in(function[start:end], {function}))

    def _keys_in(self, text: str, seen: Set[str]) -> Set[str]:
        """Those that are added there, and by the helpers and from the lists that it names."""
        keys = set(ADDED.findall(text))
        for name, constant in self.constants.items():
            if re.search(rf"\b{name}\b", text):
                keys |= set(TEXT.findall(constant))
        for helper in self.functions:
            is_named = re.search(rf"\b{name_of(helper)}\(", text)
            if is_named and helper not in seen and not self._is_another(helper):
                keys |= self._keys_in(helper, seen | {helper})
        return keys

    @staticmethod
    def _is_another(function: str) -> bool:
        """It logs an event of its own."""
        return BEGINNING.search(function) is not None


def logged_events(folder: Path) -> Dict[str, LoggedEvent]:
    texts = [file.read_text() for file in sorted(folder.rglob("*.cpp"))]
    events: Dict[str, LoggedEvent] = {}
    for text in texts:
        for name, level, maker, keys in Source(text).events():
            event = events.setdefault(name, LoggedEvent())
            event.keys |= keys
            event.levels |= {level} if level else levels_given_to(maker, texts)
    return events


def levels_given_to(maker: str, texts: list) -> Set[str]:
    called = re.compile(rf"\b{maker}\((?:config::)?LogLevel::(\w+)")
    return {level for text in texts for level in called.findall(text)}
